package io.pinbounce.testing;

import io.pinbounce.linux.LibC;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says about this process's memory (proc(5)). */
public final class ProcessMemory {

    private static final long PRESENT = Long.MIN_VALUE; // bit 63 of a pagemap entry

    private ProcessMemory() {}

    /** Whether every byte of a range is mapped for reading and writing ({@code maps}). */
    public static boolean isMapped(long address, long length) throws IOException {
        long mappedTo = address;
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] fields = line.split("[- ]", 4);
            long start = Long.parseUnsignedLong(fields[0], 16);
            long end = Long.parseUnsignedLong(fields[1], 16);
            if (start <= mappedTo && mappedTo < end && fields[2].startsWith("rw")) {
                mappedTo = end;
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

    /** The kernel's flags of the mapping that holds an address ({@code VmFlags} of smaps). */
    public static List<String> flags(long address) throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] range = line.split("[- ]", 3);
                inside =
                        Long.parseUnsignedLong(range[0], 16) <= address
                                && address < Long.parseUnsignedLong(range[1], 16);
            } else if (inside && line.startsWith("VmFlags:")) {
                return List.of(line.substring("VmFlags:".length()).trim().split(" "));
            }
        }
        return List.of();
    }
}
