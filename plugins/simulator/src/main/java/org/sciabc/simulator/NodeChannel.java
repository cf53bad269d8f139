// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.util.Map;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;

/** A channel without terminals: where one was promised and not given, the client's own would neither echo nor end lines. */
final class NodeChannel extends ChannelSession {
    static final ChannelFactory FACTORY = new ChannelSessionFactory() {
        @Override
        public Channel createChannel(Session session) {
            return new NodeChannel();
        }
    };

    @Override
    protected RequestHandler.Result handlePtyReqParsed(
            String term, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
        return RequestHandler.Result.ReplyFailure;
    }
}
