package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs operations on another thread, which must not use memory that is confined to this one. */
final class Elsewhere {

    private Elsewhere() {}

    static void requireWrongThread(Executable operation) {
        FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            assertThrows(WrongThreadException.class, operation);
                            return null;
                        });
        Thread.ofPlatform().start(task);
        try {
            task.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
