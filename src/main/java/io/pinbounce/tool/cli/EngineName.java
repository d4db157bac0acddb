package io.pinbounce.tool.cli;

import io.pinbounce.Engine;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** What moves the data, by the names that people use. */
final class EngineName implements ITypeConverter<Engine> {

    @Override
    public Engine convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "auto" -> Engine.AUTO;
            case "uring" -> Engine.REQUIRED_URING;
            case "syscall" -> Engine.SYSCALL;
            default ->
                    throw new TypeConversionException(
                            "there is no engine '" + value + "', only auto, uring, syscall");
        };
    }
}
