package io.pinbounce;

/** The same for 10,000 bits. */
class SidecarFlipIT extends SidecarFlipTest {

    @Override
    protected int flips() {
        return 5_000;
    }
}
