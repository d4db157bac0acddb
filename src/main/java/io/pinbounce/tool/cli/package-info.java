/**
 * The command line tool: arguments and printing, nothing else.
 *
 * <p>{@link io.pinbounce.tool.cli.Main} is the root command and the only place that turns failures
 * into an exit status; each subcommand is one class of this package, listed in {@code Main}. What a
 * subcommand does is written in the packages {@code torture}, {@code bench} and {@code scrub},
 * where it can be tested without a terminal.
 *
 * <h2>Exit statuses</h2>
 *
 * <table>
 *   <caption>What {@link io.pinbounce.tool.cli.ExitStatus} tells a script</caption>
 *   <tr><th>status</th><th>meaning</th></tr>
 *   <tr><td>0</td><td>what was asked for was done, and nothing wrong was found</td></tr>
 *   <tr><td>1</td><td>it ran and found a failure, or damage</td></tr>
 *   <tr><td>2</td><td>bad usage, no access to the target, a result not written, a fault</td></tr>
 *   <tr><td>3</td><td>it ran, but cannot tell: too little was seen for a verdict</td></tr>
 * </table>
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.cli;
