// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.converters.IParameterSplitter;
import java.util.List;

/** Leaves a value as it is: commas belong to it. */
public final class Whole implements IParameterSplitter {
    /** Made by JCommander. */
    public Whole() {}

    @Override
    public List<String> split(String value) {
        return List.of(value);
    }
}
