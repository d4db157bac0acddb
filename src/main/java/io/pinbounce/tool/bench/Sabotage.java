package io.pinbounce.tool.bench;

import io.pinbounce.DirectOptions;

import java.util.function.UnaryOperator;

/**
 * How tests have a column run in another way than its name says.
 *
 * @param options that a file is opened with instead
 */
record Sabotage(UnaryOperator<DirectOptions> options) {

    static final Sabotage NONE = new Sabotage(UnaryOperator.identity());
}
