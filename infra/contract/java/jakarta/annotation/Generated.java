package jakarta.annotation;

public @interface Generated {
  String[] value() default {};

  String date() default "";

  String comments() default "";
}
