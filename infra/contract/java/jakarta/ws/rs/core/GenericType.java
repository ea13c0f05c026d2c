// The part of Jakarta REST that generated models name; see ../../../../../clients.py.
package jakarta.ws.rs.core;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

public class GenericType<T> {
  public Type getType() {
    Type parent = getClass().getGenericSuperclass();
    return parent instanceof ParameterizedType ? ((ParameterizedType) parent).getActualTypeArguments()[0] : Object.class;
  }

  public Class<?> getRawType() {
    Type type = getType();
    return (Class<?>) (type instanceof ParameterizedType ? ((ParameterizedType) type).getRawType() : type);
  }
}
