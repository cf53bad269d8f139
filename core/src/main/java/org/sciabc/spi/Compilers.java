// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * The setting with which nodes get compilers for a launcher's programs, on request alone: with an MPI's headers they take
 * hundreds of megabytes, and one node of a kind compiles for all others. A launcher that has it adds {@link #setting} to its
 * settings and {@link #wanted} to its requirements; the host names it to who wants to compile and cannot.
 *
 * @param launcher the launcher's id
 * @param mpi what people call its MPI, such as {@code Open MPI}
 * @param packages for each of {@code c}, {@code c++} and {@code fortran} the packages that compile it, headers of the MPI
 *     included
 */
public record Compilers(String launcher, String mpi, Map<String, Map<PackageManager, List<String>>> packages) {
    /** The key of the setting. */
    public static final String KEY = "compilers";

    public Compilers {
        Objects.requireNonNull(launcher, "launcher is null");
        Objects.requireNonNull(mpi, "mpi is null");
        packages = Map.copyOf(packages);
    }

    /** A list of languages, empty by default. */
    public static Setting setting() {
        return Setting.list(
                KEY, "compilers that nodes get for 'launch --build': c, c++, fortran; one node of a kind is enough");
    }

    /**
     * What was asked for.
     *
     * @param settings those of the launcher
     * @throws SciabcException when a language is not among them
     */
    public List<Requirement> wanted(Settings settings) throws SciabcException {
        List<Requirement> wanted = new ArrayList<>();
        for (String language : settings.list(KEY)) {
            wanted.add(new Requirement.Packages(
                    of(language), "programs in " + title(language) + " are compiled there with " + mpi));
        }
        return List.copyOf(wanted);
    }

    private Map<PackageManager, List<String>> of(String language) throws SciabcException {
        Map<PackageManager, List<String>> found = packages.get(language.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new SciabcException(
                    launcher + "." + KEY + " cannot be '" + Untrusted.line(language, 40) + "'",
                    "it takes c, c++ and fortran, separated by commas",
                    "for example: --set " + launcher + "." + KEY + "=c,fortran");
        }
        return found;
    }

    private static String title(String language) {
        return language.substring(0, 1).toUpperCase(Locale.ROOT)
                + language.substring(1).toLowerCase(Locale.ROOT);
    }
}
