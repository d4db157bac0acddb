package io.pinbounce;

import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.uring.UringEngine;

/** The engine of everything that a user opens: the machine's own kernel. */
final class SystemEngine {

    private SystemEngine() {}

    /** One for the process, so that all files on an inode are known to each other. */
    static IoEngine engine() {
        return UringEngine.system();
    }
}
