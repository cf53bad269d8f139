// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Whether signature files belong to the jar that they are in, or were left from one that was merged into it. */
final class SignatureFiles {
    private static final String DIGEST = "-Digest-Manifest";
    private static final int LARGEST = 4 << 20;

    private SignatureFiles() {}

    /** Compares the digest of the manifest that each {@code *.SF} file carries (JAR File Specification, Signature File). */
    static boolean fit(ZipFile zip, List<String> names, byte[] manifest) throws IOException {
        List<String> signatureFiles =
                names.stream().filter(name -> name.endsWith(".SF")).toList();
        for (String name : signatureFiles) {
            ZipEntry entry = zip.getEntry(name);
            try (InputStream in = zip.getInputStream(entry)) {
                byte[] text = in.readNBytes(LARGEST);
                if (!fits(new Manifest(new ByteArrayInputStream(text)).getMainAttributes(), manifest)) {
                    return false;
                }
            }
        }
        return !signatureFiles.isEmpty();
    }

    private static boolean fits(Attributes attributes, byte[] manifest) {
        return attributes.keySet().stream()
                .map(Object::toString)
                .filter(name -> name.endsWith(DIGEST))
                .anyMatch(name -> matches(
                        name.substring(0, name.length() - DIGEST.length()), attributes.getValue(name), manifest));
    }

    private static boolean matches(String algorithm, String expected, byte[] manifest) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(manifest);
            return Base64.getEncoder().encodeToString(digest).equals(expected);
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }
}
