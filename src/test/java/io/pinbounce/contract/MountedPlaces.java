package io.pinbounce.contract;

import io.pinbounce.testing.Mounts;
import io.pinbounce.testing.Requirements;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** File systems without a disk of their own, each made for one test class. */
final class MountedPlaces {

    private MountedPlaces() {}

    /** A folder on a file system of a type; {@code target} is that of the project. */
    static Place of(String name) {
        return switch (name) {
            case "target" -> Place.folder(Path.of(name));
            case "fuse.bindfs" -> fuse(name);
            default -> mounted(name, new Mounts(), "pinbounce-test");
        };
    }

    /** FUSE without attributes, whose server knows files by their names. */
    private static Place fuse(String type) {
        Requirements.tool("bindfs");
        Mounts mounts = new Mounts();
        Path below = mounts.mount("-t", "tmpfs", "pinbounce-test");
        return mounted(type, mounts, "-o", "xattr-none", below.toString());
    }

    private static Place mounted(String type, Mounts mounts, String... arguments) {
        Requirements.root();
        List<String> all = new ArrayList<>(List.of("-t", type));
        all.addAll(List.of(arguments));
        return new Place.RealFolder(type, mounts.mount(all.toArray(String[]::new))) {
            @Override
            public void close() {
                super.close();
                mounts.close();
            }
        };
    }
}
