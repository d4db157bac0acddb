package io.pinbounce.seal;

/** The same for longer. */
class SidecarFuzzIT extends SidecarFuzzTest {

    @Override
    protected int rounds() {
        return 10_000;
    }
}
