package io.pinbounce.tool.cli;

import static io.pinbounce.tool.cli.SealedFile.INTERVAL;
import static io.pinbounce.tool.cli.SealedFile.SIZE;
import static io.pinbounce.tool.cli.SealedFile.TUPLES;

import java.io.IOException;

/** What may happen to a sealed file, or to its sidecar. */
enum Mishap {
    NOTHING(_ -> {}),
    CUT_INSIDE_AN_INTERVAL(file -> file.resizeData(500 * INTERVAL + 77)),
    CUT_BETWEEN_INTERVALS(file -> file.resizeData(500 * INTERVAL)),
    CUT_TO_NOTHING(file -> file.resizeData(0)),
    GROWN(file -> file.append(3 * INTERVAL)),
    GROWN_BY_A_HOLE(file -> file.resizeData(SIZE + 10 * INTERVAL)),
    REPLACED_BY_OTHER_DATA(file -> file.replaceData(SIZE)),
    REPLACED_BY_LONGER_DATA(file -> file.replaceData(SIZE + 7 * INTERVAL)),
    COPIED_WITH_THE_SIDECAR(SealedFile::copyData),
    COPIED_AND_DAMAGED(
            file -> {
                file.copyData();
                file.damageData(5 * INTERVAL);
            }),
    COPIED_AND_CUT(
            file -> {
                file.copyData();
                file.resizeData(300 * INTERVAL + 1);
            }),
    COPIED_AND_GROWN(
            file -> {
                file.copyData();
                file.append(100);
            }),
    DAMAGED_HERE_AND_THERE(file -> file.damageData(0, 700 * INTERVAL, SIZE - 1)),
    ONLY_PARTLY_SEALED(SealedFile::unseal),
    SIDECAR_LOST(SealedFile::loseSidecar),
    SIDECAR_EMPTY(file -> file.resizeSidecar(0)),
    SIDECAR_CUT_SHORT(file -> file.resizeSidecar(10_000)),
    SIDECAR_OF_OTHER_DATA(SealedFile::takeOtherSidecar),
    SIDECAR_OLDER(file -> file.writeAndRestoreSidecar(5000)),
    SIDECAR_OLDER_THAN_THE_LENGTH(file -> file.writeAndRestoreSidecar(SIZE)),
    SIDECAR_PROTECTS_NOTHING_AND_COPIED(
            file -> {
                file.unseal();
                file.copyData();
            }),
    BOTH_SUPERBLOCKS_DAMAGED(file -> file.damageSidecar(100, 4096 + 100)),
    ONE_SUPERBLOCK_DAMAGED(file -> file.damageSidecar(100)),
    SIDECAR_OF_ANOTHER_VERSION(file -> file.damageSidecar(8, 4096 + 8)),
    TUPLES_DAMAGED(file -> file.damageSidecar(TUPLES + 10, TUPLES + 4096 + 700)),
    TUPLES_DAMAGED_AND_COPIED(
            file -> {
                file.damageSidecar(TUPLES + 10);
                file.copyData();
            }),
    UNUSED_TUPLES_DAMAGED(
            file -> {
                file.resizeSidecar(TUPLES + 20 * 4096);
                file.damageSidecar(TUPLES + 10 * 4096);
            }),
    BOTH_MAPS_DAMAGED(file -> file.damageSidecar(TUPLES - 8192, TUPLES - 4096)),
    LOG_DAMAGED(file -> file.damageSidecar(8192 + 5, 8192 + 100_000)),
    STRAY_BYTES_BEHIND_A_SUPERBLOCK(file -> file.damageSidecar(2000));

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
    private final Change change;

    Mishap(Change change) {
        this.change = change;
    }

    private interface Change {

        void apply(SealedFile file) throws IOException;
    }

    void happenTo(SealedFile file) throws IOException {
        change.apply(file);
    }
}
