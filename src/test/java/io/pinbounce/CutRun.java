package io.pinbounce;

/** Runs scenarios until there were so many power cuts. */
public final class CutRun {

    private CutRun() {}

    public static void main(String[] args) {
        long wanted = Long.parseLong(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        long start = System.nanoTime();
        long cuts = 0;
        long scenarios = 0;
        int failures = 0;
        Thread main = Thread.currentThread();
        while (cuts < wanted) {
            long one = seed + scenarios;
            CutScenario scenario = new CutScenario(one);
            java.util.concurrent.atomic.AtomicBoolean over = new java.util.concurrent.atomic.AtomicBoolean();
            Thread.startVirtualThread(() -> {
                try { Thread.sleep(20_000); } catch (InterruptedException e) { }
                if (!over.get()) {
                    System.out.println("HANG seed=" + scenario.describe(new Throwable("hang")));
                    for (var e : main.getStackTrace()) System.out.println("   " + e);
                    System.exit(3);
                }
            });
            try {
                cuts += scenario.run();
            } catch (AssertionError e) {
                System.out.println("FAIL seed=" + (seed + scenarios) + " cuts=" + cuts);
                System.out.println(e.getMessage());
                if (e.getCause() != null && failures < 3) e.getCause().printStackTrace(System.out);
                if (++failures >= Integer.getInteger("most", 1)) return;
                cuts++;
            }
            over.set(true);
            scenarios++;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("cuts=%d scenarios=%d seconds=%.1f rate=%.0f%n", cuts, scenarios, seconds, cuts / seconds);
    }
}
