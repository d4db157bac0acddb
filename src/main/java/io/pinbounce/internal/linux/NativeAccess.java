package io.pinbounce.internal.linux;

import java.lang.foreign.MemorySegment;

/** Whether Java lets this library call native code, which a flag of the JVM decides. */
public final class NativeAccess {

    private static final String ON_CLASS_PATH =
            "--enable-native-access=ALL-UNNAMED where it is on the class path";

    private static final String ON_MODULE_PATH =
            "--enable-native-access=io.pinbounce where it is on the module path";

    private NativeAccess() {}

    /**
     * Refuses, each time it is called, so that no class is initialised that cannot be without
     * native access.
     *
     * @throws IllegalCallerException if native access is denied; the message names the flag
     */
    @SuppressWarnings("restricted")
    public static void require() {
        try {
            MemorySegment.NULL.reinterpret(0);
        } catch (IllegalCallerException e) {
            boolean module = NativeAccess.class.getModule().isNamed();
            throw new IllegalCallerException(
                    "Java denies Pinbounce its native access: start the JVM with "
                            + (module ? ON_MODULE_PATH : ON_CLASS_PATH)
                            + ", as it is here, or with "
                            + (module ? ON_CLASS_PATH : ON_MODULE_PATH),
                    e);
        }
    }
}
