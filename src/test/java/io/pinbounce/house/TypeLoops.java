package io.pinbounce.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds types that use each other in a loop: the strongly connected components of the graph of
 * uses, by Tarjan's algorithm, in time that grows with the number of uses.
 */
final class TypeLoops {

    /** The index of a type whose loop is complete. */
    private static final int DONE = Integer.MAX_VALUE;

    private final Map<String, Set<String>> uses;

    /** When the search came to a type: 0 for the first type, 1 for the second, and so on. */
    private final Map<String, Integer> indices = new HashMap<>();

    /** The smallest index on the path that a type is known to lead back to. */
    private final Map<String, Integer> lowest = new HashMap<>();

    /** Types whose loop is not complete yet. */
    private final Deque<String> path = new ArrayDeque<>();

    private final List<NavigableSet<String>> loops = new ArrayList<>();

    private TypeLoops(Map<String, Set<String>> uses) {
        this.uses = uses;
    }

    /**
     * Finds the loops of at least two types.
     *
     * @param uses each type with those that it uses; used types that are no keys are left out
     * @return the members of each loop
     */
    static List<NavigableSet<String>> in(Map<String, Set<String>> uses) {
        TypeLoops search = new TypeLoops(uses);
        for (String type : new TreeSet<>(uses.keySet())) {
            if (!search.indices.containsKey(type)) {
                search.visit(type);
            }
        }
        return search.loops;
    }

    private void visit(String type) {
        int index = indices.size();
        indices.put(type, index);
        lowest.put(type, index);
        path.push(type);
        for (String used : uses.getOrDefault(type, Set.of())) {
            if (!uses.containsKey(used)) {
                continue;
            }
            if (indices.containsKey(used)) {
                lowest.merge(type, indices.get(used), Math::min);
            } else {
                visit(used);
                lowest.merge(type, lowest.get(used), Math::min);
            }
        }
        if (lowest.get(type) == index) {
            takeLoop(type);
        }
    }

    private void takeLoop(String first) {
        NavigableSet<String> loop = new TreeSet<>();
        String member;
        do {
            member = path.pop();
            loop.add(member);
            indices.put(member, DONE);
        } while (!member.equals(first));
        if (loop.size() > 1) {
            loops.add(loop);
        }
    }
}
