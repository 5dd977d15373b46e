package ferry.server.run;

import ferry.engine.dialect.Dialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one call after the other through to a dialect and to all that it opens: the toy is made for
/// one thread, the runner uses many.
public final class SerialDialect {
    private SerialDialect() {}

    public static Dialect of(Dialect dialect, ReentrantLock lock) {
        return (Dialect) wrap(dialect, Dialect.class, lock);
    }

    private static Object wrap(Object inner, Class<?> role, ReentrantLock lock) {
        return Proxy.newProxyInstance(
                role.getClassLoader(),
                new Class<?>[] {role},
                (_, method, arguments) -> {
                    lock.lock();
                    try {
                        var result = method.invoke(inner, arguments);
                        return AutoCloseable.class.isAssignableFrom(method.getReturnType())
                                ? wrap(result, method.getReturnType(), lock)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        lock.unlock();
                    }
                });
    }
}
