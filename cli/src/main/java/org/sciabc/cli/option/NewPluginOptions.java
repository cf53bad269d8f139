// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a new plugin is and is called. */
@Parameters(separators = "=")
public final class NewPluginOptions {
    @Parameter(names = "--kind", description = "KIND | discovery, provisioner or launcher (new)")
    private @Nullable String kind;

    @Parameter(names = "--id", description = "NAME | what people will type, such as rack-list (new)")
    private @Nullable String id;

    @Parameter(names = "--package", description = "NAME | its Java package (new; default: one below org.example)")
    private @Nullable String packageName;

    /** The kind of component, where it was given. */
    public Optional<String> kind() {
        return Optional.ofNullable(kind);
    }

    /** The id, where it was given. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /** The package, where it was given. */
    public Optional<String> packageName() {
        return Optional.ofNullable(packageName);
    }

    /** The options that were given. */
    public List<String> given() {
        List<String> given = new ArrayList<>();
        kind().ifPresent(value -> given.add("--kind"));
        id().ifPresent(value -> given.add("--id"));
        packageName().ifPresent(value -> given.add("--package"));
        return given;
    }
}
