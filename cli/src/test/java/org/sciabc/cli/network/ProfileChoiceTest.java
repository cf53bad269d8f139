// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.config.Configuration;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.cli.network.ProfileChoice.Way;
import org.sciabc.spi.LocalInterface;

class ProfileChoiceTest {
    private static final String MAC = "dc:a6:32:01:02:03";

    @TempDir
    private Path home = Path.of("");

    private List<NetworkProfile> profiles = List.of();

    @BeforeEach
    void configure() throws Exception {
        profiles = configured("""
                [network.lab]
                cidr = "10.0.3.0/24"
                discovery = "jgroups"
                [network.campus]
                cidr = ["10.0.0.0/8", "2001:db8::/32"]
                [network.desk]
                cidr = "10.0.0.0/8"
                gateway = "DC-A6-32-01-02-03"
                [network.cafe]
                wifi = ["Coffee", "Tea"]
                [network.hand]
                cluster = "mine"
                """);
    }

    @Test
    void anAddressInsideARangeMakesAProfileFit() throws Exception {
        ProfileChoice choice = choose(facts(wired("eth0", "10.7.0.2", Optional.empty())));

        assertThat(choice.way()).isEqualTo(Way.FITS);
        assertThat(name(choice)).contains("campus");
        assertThat(finding(choice, "campus").why()).isEqualTo("eth0 has 10.7.0.2");
        assertThat(finding(choice, "lab").why()).isEqualTo("no interface that is up has an address there");
    }

    @Test
    void ofTwoThatFitTheNarrowerRangeApplies() throws Exception {
        assertThat(name(choose(facts(wired("eth0", "10.0.3.12", Optional.empty())))))
                .contains("lab");
    }

    @Test
    void ofTwoThatFitTheOneWithMoreConditionsApplies() throws Exception {
        assertThat(name(choose(facts(wired("eth0", "10.0.3.12", Optional.of(MAC))))))
                .contains("desk");
    }

    @Test
    void theOrderOfTheProfilesDoesNotMatter() throws Exception {
        NetworkFacts facts = facts(wired("eth0", "10.0.3.12", Optional.of(MAC)));
        List<NetworkProfile> backwards = new java.util.ArrayList<>(profiles);
        Collections.reverse(backwards);

        assertThat(ProfileChoice.of(backwards, facts, Optional.empty()).profile())
                .isEqualTo(choose(facts).profile());
    }

    @Test
    void everyKindOfConditionHasToHold() throws Exception {
        ProfileChoice choice = choose(facts(wired("eth0", "192.168.1.5", Optional.of(MAC))));

        assertThat(choice.way()).isEqualTo(Way.UNMATCHED);
        assertThat(choice.profile()).isEmpty();
        assertThat(finding(choice, "desk").holds()).isFalse();
    }

    @Test
    void anIpv6AddressFits() throws Exception {
        assertThat(name(choose(facts(wired("eth0", "2001:db8::5", Optional.empty())))))
                .contains("campus");
    }

    @Test
    void aWifiIsKnownByItsName() throws Exception {
        assertThat(name(choose(facts(wireless("wlan0", Optional.of("Tea")))))).contains("cafe");
        assertThat(finding(choose(facts(wireless("wlan0", Optional.of("Milk")))), "cafe")
                        .why())
                .isEqualTo("the Wi-Fi is 'Milk'");
        assertThat(finding(choose(facts(wireless("wlan0", Optional.empty()))), "cafe")
                        .why())
                .isEqualTo("the name of the Wi-Fi is not known");
        assertThat(finding(choose(facts()), "cafe").why()).isEqualTo("no Wi-Fi interface is up");
    }

    @Test
    void anInterfaceThatIsDownCountsForNothing() throws Exception {
        InterfaceFacts up = wired("eth0", "10.0.3.12", Optional.empty());
        InterfaceFacts down = new InterfaceFacts(up.itself(), false, false, up.gateways(), Optional.empty());

        assertThat(choose(facts(down)).way()).isEqualTo(Way.UNMATCHED);
    }

    @Test
    void aProfileWithoutConditionsAppliesOnlyWhenItIsNamed() throws Exception {
        ProfileChoice choice = ProfileChoice.of(profiles, facts(), Optional.of("hand"));

        assertThat(choice.way()).isEqualTo(Way.NAMED);
        assertThat(name(choice)).contains("hand");
    }

    @Test
    void whoNamesNoneGetsNone() throws Exception {
        NetworkFacts facts = facts(wired("eth0", "10.0.3.12", Optional.empty()));

        ProfileChoice choice = ProfileChoice.of(profiles, facts, Optional.of("none"));

        assertThat(choice.way()).isEqualTo(Way.SWITCHED_OFF);
        assertThat(choice.profile()).isEmpty();
    }

    @Test
    void aProfileThatIsNotThereIsAMistakeAndTheNearestIsNamed() {
        CliFailure failure =
                catchThrowableOfType(CliFailure.class, () -> ProfileChoice.of(profiles, facts(), Optional.of("lap")));

        assertThat(failure.status()).isEqualTo(64);
        assertThat(failure).hasMessageContaining("there is no network profile 'lap'");
        assertThat(failure.hint()).contains("did you mean 'lab'?");
    }

    @Test
    void twoThatFitEquallyWellAreAnErrorThatSaysWhereTheyAre() throws Exception {
        profiles = configured("""
                [network.one]
                cidr = "10.0.3.0/24"
                [network.two]
                cidr = ["10.0.3.0/24"]
                """);
        ProfileChoice choice = choose(facts(wired("eth0", "10.0.3.12", Optional.empty())));

        CliFailure failure = catchThrowableOfType(CliFailure.class, choice::profile);

        assertThat(choice.way()).isEqualTo(Way.AMBIGUOUS);
        assertThat(failure.status()).isEqualTo(78);
        assertThat(failure)
                .hasMessageContaining("'one' (" + home.resolve("config.toml") + ", line 1, column ")
                .hasMessageContaining("'two' (" + home.resolve("config.toml") + ", line 3, column ");
        assertThat(failure.hint().orElseThrow()).contains("--network one");
    }

    @Test
    void equalWellnessIsNoMatterWhenOneIsNamed() throws Exception {
        profiles = configured("""
                [network.one]
                wifi = "Tea"
                [network.two]
                wifi = "Tea"
                """);

        ProfileChoice choice =
                ProfileChoice.of(profiles, facts(wireless("wlan0", Optional.of("Tea"))), Optional.of("two"));

        assertThat(name(choice)).contains("two");
    }

    private ProfileChoice choose(NetworkFacts facts) throws CliFailure {
        return ProfileChoice.of(profiles, facts, Optional.empty());
    }

    private static Optional<String> name(ProfileChoice choice) throws CliFailure {
        return choice.profile().map(NetworkProfile::name);
    }

    private static ProfileVerdict.Finding finding(ProfileChoice choice, String profile) {
        return choice.verdicts().stream()
                .filter(verdict -> verdict.profile().name().equals(profile))
                .flatMap(verdict -> verdict.findings().stream())
                .findFirst()
                .orElseThrow();
    }

    private List<NetworkProfile> configured(String content) throws Exception {
        Files.writeString(home.resolve("config.toml"), content);
        return Configuration.read(Folders.of(Map.of("SCIABC_HOME", home.toString()), Optional.empty()))
                .networks();
    }

    private static NetworkFacts facts(InterfaceFacts... interfaces) {
        return new NetworkFacts(List.of(interfaces));
    }

    private static InterfaceFacts wired(String name, String address, Optional<String> gatewayMac)
            throws UnknownHostException {
        return new InterfaceFacts(
                itself(name, address),
                true,
                false,
                List.of(new Gateway(InetAddress.getByName("10.0.3.1"), gatewayMac)),
                Optional.empty());
    }

    private static InterfaceFacts wireless(String name, Optional<String> wifi) throws UnknownHostException {
        return new InterfaceFacts(itself(name, "172.16.0.2"), true, true, List.of(), wifi);
    }

    private static LocalInterface itself(String name, String address) throws UnknownHostException {
        LocalInterface.Address own = new LocalInterface.Address(InetAddress.getByName(address), 24);
        return new LocalInterface(name, List.of(own), false, true);
    }
}
