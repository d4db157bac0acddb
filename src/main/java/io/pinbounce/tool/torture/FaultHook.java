package io.pinbounce.tool.torture;

import io.pinbounce.Transfer;

import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Makes the library do something wrong, so that a test can see that the torture test notices.
 *
 * @param mode the mode that is really used for the one that is asked for
 * @param token the token that is really handed back for the one that was given
 */
record FaultHook(UnaryOperator<Transfer> mode, LongUnaryOperator token) {

    /** The library as it is. */
    static final FaultHook NONE =
            new FaultHook(UnaryOperator.identity(), LongUnaryOperator.identity());

    /** Whether the fault shows in a cell that runs for long enough. */
    boolean showsIn(TortureCell cell) {
        if (cell.kind() == TortureCase.OUT_OF_ORDER) {
            return token.applyAsLong(0) != 0 || token.applyAsLong(1) != 1;
        }
        return cell.mode() != Transfer.PIN && mode.apply(cell.mode()) == Transfer.PIN;
    }
}
