// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

/**
 * The parent of every plugin's class loader: the JDK, and the contract's packages as the host has them. Everything else of
 * the host, its libraries included, does not exist for a plugin.
 */
final class ContractClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    ContractClassLoader(ClassLoader host) {
        super("sciabc contract", ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (ContractPackages.hold(name) || name.equals(ExitRefused.class.getName())) {
            return host.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
