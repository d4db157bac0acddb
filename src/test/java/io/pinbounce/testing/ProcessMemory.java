package io.pinbounce.testing;

import io.pinbounce.internal.linux.LibC;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel says about this process's memory (proc(5)). */
public final class ProcessMemory {

    private static final long PRESENT = Long.MIN_VALUE; // bit 63 of a pagemap entry

    private ProcessMemory() {}

    /**
     * Whether every byte of a range is mapped for reading and writing, and left to no child, as the
     * library maps its memory: once that is unmapped, other mappings may take its place.
     */
    public static boolean isMapped(long address, long length) throws IOException {
        long mappedTo = address;
        for (Mapping mapping : mappings()) {
            if (mapping.holds(mappedTo) && mapping.flags().containsAll(List.of("rd", "wr", "dc"))) {
                mappedTo = mapping.end();
            }
        }
        return mappedTo >= address + length;
    }

    /** Whether every page of some memory is there without being touched ({@code pagemap}). */
    public static boolean isResident(MemorySegment memory) throws IOException {
        int page = LibC.system().pageSize();
        long first = memory.address() / page;
        long last = (memory.address() + memory.byteSize() - 1) / page;
        byte[] entries = new byte[Math.toIntExact((last - first + 1) * Long.BYTES)];
        try (RandomAccessFile pagemap = new RandomAccessFile("/proc/self/pagemap", "r")) {
            pagemap.seek(first * Long.BYTES);
            pagemap.readFully(entries);
        }
        ByteBuffer values = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
        while (values.hasRemaining()) {
            if ((values.getLong() & PRESENT) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The kernel's flags of the mapping that holds an address; none, if there is no mapping. */
    public static List<String> flags(long address) throws IOException {
        return mappings().stream()
                .filter(mapping -> mapping.holds(address))
                .findFirst()
                .map(Mapping::flags)
                .orElse(List.of());
    }

    /** A mapping, and its flags ({@code VmFlags} of smaps). */
    private record Mapping(long start, long end, List<String> flags) {

        boolean holds(long address) {
            return start <= address && address < end;
        }
    }

    private static List<Mapping> mappings() throws IOException {
        List<Mapping> mappings = new ArrayList<>();
        String range = "";
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                range = line;
            } else if (line.startsWith("VmFlags:")) {
                String[] ends = range.split("[- ]", 3);
                mappings.add(
                        new Mapping(
                                Long.parseUnsignedLong(ends[0], 16),
                                Long.parseUnsignedLong(ends[1], 16),
                                List.of(line.substring("VmFlags:".length()).trim().split(" "))));
            }
        }
        return mappings;
    }
}
