package io.pinbounce;

import io.pinbounce.engine.IoEngine;
import io.pinbounce.engine.SimulatedEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The contract on simulated disks of both common block sizes. */
class SimulatedDirectFileTest {

    @Nested
    class SmallBlocks extends OnSimulatedDisk {

        SmallBlocks() {
            super(512);
        }
    }

    @Nested
    class LargeBlocks extends OnSimulatedDisk {

        LargeBlocks() {
            super(4096);
        }
    }

    abstract static class OnSimulatedDisk extends DirectFileContract {

        private final SimulatedEngine engine;

        private int paths;

        OnSimulatedDisk(int block) {
            engine = new SimulatedEngine(512, block);
        }

        @Override
        protected IoEngine engine() {
            return engine;
        }

        @Override
        protected Path newPath() {
            return Path.of("/simulated/" + paths++);
        }

        @Override
        protected int openHandles() {
            return engine.openHandles();
        }
    }
}
