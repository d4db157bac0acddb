package io.pinbounce.contract;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs the body of each contract test on a thread of the kind that its place wants. */
final class RunOnPlaceThread implements InvocationInterceptor {

    @Override
    public void interceptTestMethod(
            Invocation<Void> body,
            ReflectiveInvocationContext<Method> invocation,
            ExtensionContext context)
            throws Throwable {
        run(body, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> body,
            ReflectiveInvocationContext<Method> invocation,
            ExtensionContext context)
            throws Throwable {
        run(body, context);
    }

    private static void run(Invocation<Void> body, ExtensionContext context) throws Throwable {
        ContractTest test =
                context.getRequiredTestInstances().findInstance(ContractTest.class).orElseThrow();
        FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            try {
                                return body.proceed();
                            } catch (Exception | Error e) {
                                throw e;
                            } catch (Throwable t) {
                                throw new AssertionError(t);
                            }
                        });
        test.place.threads().newThread(task).start();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
