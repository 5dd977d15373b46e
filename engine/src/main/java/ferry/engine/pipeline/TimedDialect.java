package ferry.engine.pipeline;

import ferry.engine.crew.Activity;
import ferry.engine.crew.Times;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Role;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/// A dialect whose roles tell [Times] how long the source and the target are waited for. Not the
/// log, which is asked for each event: whoever reads it waits inside a step that finds nothing.
public final class TimedDialect {
    private static final Set<String> OF_A_ROLE = Set.of("catalog", "snapshot");
    private static final Set<String> OF_THE_TARGET = Set.of("writer", "bookkeeping");

    private TimedDialect() {}

    public static Dialect of(Dialect dialect) {
        return proxy(
                Dialect.class,
                (_, method, arguments) -> {
                    if (OF_A_ROLE.contains(method.getName())) {
                        var source = arguments[1] == Role.SOURCE;
                        return opened(
                                source ? Activity.SOURCE : Activity.TARGET,
                                dialect,
                                method,
                                arguments);
                    }
                    if (method.getName().equals("replicaSnapshot")) {
                        return opened(Activity.SOURCE, dialect, method, arguments);
                    }
                    return OF_THE_TARGET.contains(method.getName())
                            ? opened(Activity.TARGET, dialect, method, arguments)
                            : invoke(dialect, method, arguments);
                });
    }

    private static Object opened(
            Activity activity, Dialect dialect, Method method, Object[] arguments) {
        var role = Times.during(activity, () -> invoke(dialect, method, arguments));
        return proxy(
                method.getReturnType(),
                (_, call, given) -> Times.during(activity, () -> invoke(role, call, given)));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /// Roles throw nothing that is checked.
    private static Object invoke(Object role, Method method, Object[] arguments) {
        try {
            return method.invoke(role, arguments);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
