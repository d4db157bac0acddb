package io.pinbounce.contract;

import java.util.stream.Stream;

/** The same on ext4, xfs and btrfs, on loop devices of both sector sizes. */
class AdmissionIT extends AdmissionTest {

    static Stream<Place> places() {
        return LoopPlaces.all();
    }
}
