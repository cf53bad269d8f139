// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.util.List;
import org.pf4j.Extension;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** Nodes are members of one group, which knows within seconds who is there; a secret keeps everybody else out. */
@Extension
public final class JgroupsDiscovery implements DiscoveryBackend {

    @Override
    public String id() {
        return "jgroups";
    }

    @Override
    public String summary() {
        return "membership of a group (JGroups), which notices who disappears; with a secret, encrypted";
    }

    @Override
    public List<Setting> settings() {
        return JgroupsSettings.DECLARED;
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        return NodeService.requirements(request.cluster(), JgroupsSettings.parse(request.settings()));
    }

    @Override
    public Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException {
        return JgroupsAnnouncement.begin(request);
    }

    @Override
    public void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException {
        new JgroupsWatch(request, JgroupsSettings.parse(request.settings()), listener).run();
    }
}
