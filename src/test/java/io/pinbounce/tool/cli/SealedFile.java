package io.pinbounce.tool.cli;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.Sidecars;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** A file that {@code pinbounce seal} has sealed, and what may be done to it and its sidecar. */
final class SealedFile implements AutoCloseable {

    static final int INTERVAL = 4096;

    /** Several pages of tuples, and a part of an interval. */
    static final int SIZE = 1000 * INTERVAL + 100;

    /** Where tuples begin: behind both superblocks, the log, and a page of the map twice. */
    static final long TUPLES = 8192 + (256 << 10) + 8192;

    private final SidecarFolder folder;

    private final Path data;

    private final Path sidecar;

    private SealedFile(SidecarFolder folder, Path data) {
        this.folder = folder;
        this.data = data;
        sidecar = folder.resolve("data.pi");
    }

    static SealedFile make() throws IOException {
        SidecarFolder folder = SidecarFolder.make();
        Path data = folder.data("data", SIZE);
        Cli.run("seal", data, "--log-size=256k").requireStatus(ExitStatus.OK);
        return new SealedFile(folder, data);
    }

    Path data() {
        return data;
    }

    Path sidecar() {
        return sidecar;
    }

    /** Where {@code seal --anew} keeps the old sidecar. */
    Path oldSidecar() {
        return folder.resolve("data.pi.old");
    }

    DirectFile open() throws IOException {
        return open(Protection.t10(INTERVAL).sidecar());
    }

    private DirectFile open(Protection protection) throws IOException {
        return DirectFile.open(
                data,
                DirectOptions.readWrite().directIo(DirectIo.PREFERRED).protection(protection));
    }

    void resizeData(long size) throws IOException {
        resize(data, size);
    }

    void resizeSidecar(long size) throws IOException {
        resize(sidecar, size);
    }

    private static void resize(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    void append(int length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.seek(SIZE);
            file.write(bytes(length));
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x5A);
        return bytes;
    }

    void damageData(long... positions) throws IOException {
        for (long position : positions) {
            SidecarFolder.flip(data, position);
        }
    }

    void damageSidecar(long... positions) throws IOException {
        for (long position : positions) {
            SidecarFolder.flip(sidecar, position);
        }
    }

    /** Moves a new file to the place of the data. */
    void replaceData(int size) throws IOException {
        Path other = Files.write(folder.resolve("new"), bytes(size));
        Files.move(other, data, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same bytes in another inode, as a copy or a restored file is. */
    void copyData() throws IOException {
        Path copy = Files.copy(data, folder.resolve("copy"));
        Files.move(copy, data, StandardCopyOption.REPLACE_EXISTING);
    }

    void loseSidecar() throws IOException {
        Files.delete(sidecar);
    }

    void takeOtherSidecar() throws IOException {
        Path other = Files.write(folder.resolve("other"), bytes(2 * SIZE));
        Cli.run("seal", other, "--log-size=256k").requireStatus(ExitStatus.OK);
        Files.move(folder.resolve("other.pi"), sidecar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Leaves the sidecar as it was before a write, as a backup has it. */
    void writeAndRestoreSidecar(long position) throws IOException {
        byte[] before = Files.readAllBytes(sidecar);
        try (DirectFile file = open()) {
            file.write(MemorySegment.ofArray(bytes(10_000)), position);
        }
        Files.write(sidecar, before);
    }

    /** Makes a new sidecar, in which all data is unprotected. */
    void unseal() throws IOException {
        Files.delete(sidecar);
        Sidecars.forget(data);
        SidecarOptions options = SidecarOptions.beside().existing(Existing.UNPROTECTED);
        open(Protection.t10(INTERVAL).sidecar(options)).close();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
