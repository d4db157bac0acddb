package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.stream.Stream;

/** The contract once more, called from virtual threads: what moves the data is a ring then. */
class VirtualThreadTest {

    @Nested
    class Files extends DirectFileTest {

        static Stream<Place> places() {
            return Place.onVirtualThreads();
        }

        /** On platform threads, the other tests would show nothing. */
        @Test
        void canaryTestsRunOnVirtualThreads() {
            assertTrue(Thread.currentThread().isVirtual());
        }
    }

    @Nested
    class ProtectedFiles extends ProtectedFileTest {

        static Stream<Place> places() {
            return Place.onVirtualThreads();
        }
    }

    @Nested
    class Order extends RequestOrderTest {

        static Stream<Place> places() {
            return Place.onVirtualThreads();
        }
    }

    @Nested
    class Admission extends AdmissionTest {

        static Stream<Place> places() {
            return Place.onVirtualThreads();
        }
    }
}
