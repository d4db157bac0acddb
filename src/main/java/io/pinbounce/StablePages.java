package io.pinbounce;

import java.util.List;

/**
 * Whether memory must hold still while it is being read or written, by anything that the bytes pass
 * through: the file system, its device, and the devices beneath that one.
 *
 * @param needed whether a change meanwhile makes a request fail, or stores a checksum or a copy
 *     that does not match; also true if that is possible and cannot be found out
 * @param guarded whether a device keeps protection information of its blocks. Where two writes to
 *     the same bytes are in flight together, it may keep the data of one and the tuple of the
 *     other, which cannot be read afterwards; so such writes of this process are done one after the
 *     other
 * @param reason which layer needs it, in words, or that none is known to need it
 * @param layers what each layer reported, in words, from the file down to the hardware; it ends
 *     early at a layer that writes a copy of its own
 */
public record StablePages(boolean needed, boolean guarded, String reason, List<String> layers) {

    /** Keeps its own copy of the layers. */
    public StablePages {
        layers = List.copyOf(layers);
    }
}
