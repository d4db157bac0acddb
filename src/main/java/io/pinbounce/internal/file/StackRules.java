package io.pinbounce.internal.file;

import io.pinbounce.DirectIoStatus;
import io.pinbounce.StablePages;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.IntegrityProfile;
import io.pinbounce.internal.linux.Layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether anything in a stack needs memory to hold still while it is being written: looks from the
 * file down to the hardware. A layer that keeps a checksum or a second copy of the data needs
 * stable memory, unless a layer above it writes a copy of its own. A layer that may need it, and
 * cannot be asked, counts as one that needs it.
 */
final class StackRules {

    /**
     * Targets of the device mapper, and levels of md, that pass on the memory they get, without a
     * copy.
     */
    private static final Set<String> HAND_ON =
            Set.of(
                    "linear",
                    "striped",
                    "raid0",
                    "unstriped",
                    "switch",
                    "multipath",
                    "error",
                    "zero",
                    "delay",
                    "flakey",
                    "dust",
                    "snapshot",
                    "snapshot-origin",
                    "snapshot-merge",
                    "thin",
                    "thin-pool",
                    "era",
                    "clone",
                    "writecache",
                    "zoned",
                    "verity");

    /**
     * Targets and levels that write memory of their own. RAID 4, 5 and 6 copy into their stripe
     * cache, unless configured otherwise (md/skip_copy); then they report that they need stable
     * pages.
     */
    private static final String COPIES = "crypt|vdo|ebs|raid[456](_.*)?";

    /** Targets and levels that write the same memory to several places, which must stay equal. */
    private static final String MIRRORS = "raid1.*|mirror|cache";

    private static final String CACHE = "the page cache takes a copy of what is written";

    private final List<String> layers = new ArrayList<>();

    private final Set<String> seen = new HashSet<>();

    private String need = "";

    private boolean guarded;

    /** Whether a layer above writes a copy, so that this layer does not get the caller's memory. */
    private boolean copied;

    private StackRules() {}

    /**
     * Judges a stack.
     *
     * @param facts the facts of the file on top
     */
    static StablePages judge(FileFacts facts) {
        StackRules rules = new StackRules();
        if (rules.isBuffered(facts)) {
            return new StablePages(false, false, CACHE, rules.layers);
        }
        rules.file(facts, "");
        String calm =
                rules.layers.size() <= 2
                        ? "neither device nor file system needs it"
                        : "nothing in the stack needs it";
        boolean needed = !rules.need.isEmpty();
        return new StablePages(needed, rules.guarded, needed ? rules.need : calm, rules.layers);
    }

    /**
     * Looks at a file, and at what is beneath it.
     *
     * @param above the layers above, as words before the reason
     */
    private void file(FileFacts facts, String above) {
        if (isBuffered(facts)) {
            return;
        }
        DirectIoRules rules = new DirectIoRules(facts);
        FileFacts upper = facts.upper();
        if (upper != null) {
            layers.add(rules.fileSystem() + ": a view of " + new DirectIoRules(upper).fileSystem());
            file(upper, above);
            return;
        }
        if (!facts.status().isBlockDevice()) {
            if (rules.keepsChecksums()) {
                need(above, rules.fileSystem() + " keeps checksums of this file");
            } else {
                layers.add(rules.fileSystem() + ": keeps no checksums of this file");
            }
        }
        if (facts.devices().isEmpty()) {
            need(above, "the device beneath " + rules.fileSystem() + " is out of sight");
        }
        for (BlockDevice device : facts.devices()) {
            device(device, above);
        }
    }

    private boolean isBuffered(FileFacts facts) {
        DirectIoRules rules = new DirectIoRules(facts);
        boolean buffered = rules.directIo().status() == DirectIoStatus.BUFFERED;
        if (buffered) {
            layers.add(rules.fileSystem() + ": " + CACHE);
        }
        return buffered;
    }

    private void device(BlockDevice device, String above) {
        if (!seen.add(device.name() + copied)) {
            return;
        }
        IntegrityProfile integrity = device.integrity();
        String name = device.name();
        if (integrity.guards()) {
            guarded = true;
            String words = name + " guards its blocks, ";
            need(above, words + integrity.source() + "=" + integrity.format());
        } else if (device.queue().stableWrites()) {
            need(above, name + " asks for it, sysfs queue/stable_writes=1");
        } else if (device.layer().kind() == Layer.Kind.NONE) {
            layers.add(name + ": no integrity profile, queue/stable_writes=0");
        }
        layer(device, above);
    }

    private void layer(BlockDevice device, String above) {
        Layer layer = device.layer();
        String name = device.name();
        switch (layer.kind()) {
            case NONE -> {}
            case HIDDEN -> need(above, name + " cannot be asked: " + layer.source());
            case OTHER -> {
                String parts = String.join(", ", names(layer));
                String how = " in a way that is not known, ";
                need(above, name + " is made of " + parts + how + layer.source());
                devices(device, above);
            }
            case LOOP -> loop(device, layer, above);
            case DM, MD -> mapped(device, layer, above);
        }
    }

    private void loop(BlockDevice device, Layer layer, String above) {
        FileFacts file = layer.file();
        String name = device.name();
        if (layer.types().contains(Layer.CACHED)) {
            layers.add(name + ": " + CACHE + ", " + layer.source());
            return;
        }
        if (file == null) {
            need(above, "the file beneath " + name + " is not to be found, " + layer.source());
            return;
        }
        layers.add(name + ": hands on to a file, " + layer.source());
        file(file, beneath(above, name));
    }

    private void mapped(BlockDevice device, Layer layer, String above) {
        List<String> types = layer.types();
        String name = device.name();
        String what = name + " is " + String.join(", ", types) + ", " + layer.source();
        boolean before = copied;
        if (types.isEmpty()) {
            need(above, name + " has a target that cannot be asked, " + layer.source());
        } else if (types.stream().allMatch(type -> type.matches(COPIES))) {
            layers.add(what + ": writes a copy of its own");
            copied = true;
        } else if (types.stream().anyMatch(type -> type.matches(MIRRORS))) {
            need(above, what + ": copies would differ");
        } else if (types.contains("integrity")) {
            need(above, what + ": it keeps checksums");
        } else if (!types.stream().allMatch(t -> HAND_ON.contains(t) || t.matches(COPIES))) {
            need(above, what + ": what that does is not known");
        } else {
            layers.add(what + ": hands on to " + String.join(", ", names(layer)));
        }
        devices(device, above);
        copied = before;
    }

    private void devices(BlockDevice device, String above) {
        for (BlockDevice beneath : device.layer().devices()) {
            device(beneath, beneath(above, device.name()));
        }
    }

    private static List<String> names(Layer layer) {
        return layer.devices().stream().map(BlockDevice::name).toList();
    }

    private static String beneath(String above, String name) {
        return (above.isEmpty() ? "beneath " : above.replace(": ", ", ")) + name + ": ";
    }

    private void need(String above, String why) {
        layers.add(why);
        if (need.isEmpty() && !copied) {
            need = above + why;
        }
    }
}
