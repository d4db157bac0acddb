package consumer;

/** Uses the library as a linked application does; any exception fails the build. */
public final class Consumer {

    private Consumer() {}

    public static void main(String[] args) {
        requireThere("io.pinbounce.cli.Main"); // the library's jar is on the class path
        requireThere("jnr.posix.POSIX"); // and so is what it needs
        requireAbsent("picocli.CommandLine"); // but not what only its own tool needs
        System.out.println("consumer: ok");
    }

    private static void requireThere(String type) {
        if (!isThere(type)) {
            throw new IllegalStateException("a linked application lacks " + type);
        }
    }

    private static void requireAbsent(String type) {
        if (isThere(type)) {
            throw new IllegalStateException("a linked application inherits " + type);
        }
    }

    private static boolean isThere(String type) {
        String file = type.replace('.', '/') + ".class";
        return Consumer.class.getClassLoader().getResource(file) != null;
    }
}
