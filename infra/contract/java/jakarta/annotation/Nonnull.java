package jakarta.annotation;

public @interface Nonnull {
  String[] value() default {};

  String date() default "";

  String comments() default "";
}
