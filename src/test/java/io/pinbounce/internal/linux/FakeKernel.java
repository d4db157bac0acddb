package io.pinbounce.internal.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trees of files in a temporary folder that look like {@code /sys} and {@code /proc}. */
final class FakeKernel {

    private final Path root;

    FakeKernel(Path root) {
        this.root = root;
    }

    Path sys() {
        return root.resolve("sys");
    }

    Path proc() {
        return root.resolve("proc");
    }

    FakeKernel file(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeKernel link(String path, String target) {
        try {
            Path link = root.resolve(path);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, root.resolve(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A disk with its queue, reachable by number and by name. */
    FakeKernel disk(String name, String number, int sectors, int block) {
        String home = "sys/devices/virtual/block/" + name;
        file(home + "/dev", number);
        file(home + "/size", String.valueOf(sectors));
        file(home + "/queue/logical_block_size", String.valueOf(block));
        file(home + "/queue/physical_block_size", "4096");
        file(home + "/queue/dma_alignment", "511");
        file(home + "/queue/max_sectors_kb", "1280");
        file(home + "/queue/max_hw_sectors_kb", "2147483647");
        file(home + "/queue/stable_writes", "0");
        file(home + "/queue/write_cache", "write back");
        return link("sys/dev/block/" + number, home).link("sys/class/block/" + name, home);
    }

    /** Puts a disk on top of existing ones. */
    FakeKernel over(String name, String... slaves) {
        for (String slave : slaves) {
            link(
                    "sys/devices/virtual/block/" + name + "/slaves/" + slave,
                    "sys/class/block/" + slave);
        }
        return this;
    }

    FakeKernel descriptor(int fd, String flags, int mountId) {
        return file(
                "proc/self/fdinfo/" + fd,
                "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t" + mountId + "\nino:\t3");
    }
}
