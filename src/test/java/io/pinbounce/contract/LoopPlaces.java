package io.pinbounce.contract;

import io.pinbounce.DirectIo;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Share;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** File systems on loop devices of both sector sizes, made for one test class each. */
final class LoopPlaces {

    private LoopPlaces() {}

    /** Made one after the other, as the tests come to them; the small share is one of each type. */
    static Stream<Place> all() {
        return Share.isFull()
                ? Stream.of("ext4", "xfs", "btrfs")
                        .flatMap(type -> Stream.of(512, 4096).map(sector -> open(type, sector)))
                : Stream.of(open("ext4", 4096), open("xfs", 512), open("btrfs", 4096));
    }

    static Place open(String type, int sector) {
        Requirements.loop();
        Requirements.tool("mkfs." + type);
        LoopTarget target =
                LoopTarget.open("--fs", type, "--sector-size", Integer.toString(sector));
        return new OnLoop(type + " on " + sector + "-byte sectors", type, target);
    }

    /** A folder on the file system, which goes when the folder does. */
    private static final class OnLoop extends Place.RealFolder {

        private final String type;

        private final LoopTarget target;

        OnLoop(String name, String type, LoopTarget target) {
            super(name, folderOf(target));
            this.type = type;
            this.target = target;
        }

        private static Path folderOf(LoopTarget target) {
            return Objects.requireNonNull(target.path().getParent());
        }

        @Override
        public DirectIo directIo() {
            // btrfs copies what has a checksum into the page cache first.
            return type.equals("btrfs") ? DirectIo.PREFERRED : DirectIo.REQUIRED;
        }

        @Override
        public void close() {
            super.close();
            target.close();
        }
    }
}
