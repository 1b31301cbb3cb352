vcl 4.1;

# Varnish in front of Nightdesk. Needs Varnish 7 and the package varnish-modules (xkey).
# Change the four places marked SET, then see docs/operate/cdn.md.
#
#   varnishd -f default.vcl -a http=:80 -a tls=127.0.0.1:8443,PROXY -s malloc,1G
#
# Something that ends TLS (hitch, for one) speaks to 127.0.0.1:8443 by the PROXY protocol.

import purge;
import std;
import xkey;

# SET 1: where `nightdesk run` or `nightdesk newsstand` listens.
backend newsstand {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 130s;
    .probe = {
        .request =
            "GET /healthz HTTP/1.1"
            "Host: localhost"
            "Connection: close";
        .interval = 1s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
}

# SET 2: the machines of the newsroom, which alone may purge.
acl newsroom {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.restarts == 0) {
        # Nobody may tell the newsstand who they are or how they came but this file.
        set req.http.X-Forwarded-For = client.ip;
        set req.http.X-Forwarded-Proto = "http";
        if (local.socket == "tls") {
            set req.http.X-Forwarded-Proto = "https";
        }
        unset req.http.X-Forwarded-Host;
        unset req.http.Forwarded;
        unset req.http.X-Kept;
        unset req.http.X-Last-Resort;
    }

    if (req.method == "PURGE" || req.method == "BAN") {
        # SET 3: with NIGHTDESK_CDN_TOKEN, compare req.http.X-Purge-Token here too.
        if (client.ip !~ newsroom) {
            return (synth(403, "Only the newsroom may purge"));
        }
        if (req.method == "BAN") {
            std.ban("obj.status != 0");
            return (synth(200, "Everything is let go"));
        }
        if (req.http.X-Purge-Tags) {
            if (req.http.X-Purge == "hard") {
                set req.http.X-Count = xkey.purge(req.http.X-Purge-Tags);
            } else {
                set req.http.X-Count = xkey.softpurge(req.http.X-Purge-Tags);
            }
            return (synth(200, "Purged " + req.http.X-Count));
        }
        return (hash);
    }

    # SET 4: the names under which readers know the newsroom.
    if (req.http.host !~ "(?i)^(www\.)?news\.example(:[0-9]+)?$") {
        return (synth(421, "Not served here"));
    }

    # The newsroom's own addresses, forms, and whatever is not merely read.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url ~ "^/(admin|staff)(/|\?|$)" || req.http.Authorization) {
        return (pass);
    }
    # Pictures of a story that is not out yet are shown to the newsroom only.
    if (req.url ~ "^/media/" && req.http.Cookie ~ "nightdesk_session=") {
        return (pass);
    }

    # Streams of live pages: each frame at once, and nothing of them kept. Each takes two connections
    # and two threads: with thousands of readers say `return (synth(204));` instead, and their pages
    # ask every ten seconds (docs/operate/live.md).
    if (req.url ~ "^/events/" && req.http.Accept ~ "text/event-stream") {
        unset req.http.Cookie;
        return (pass);
    }

    # Every reader gets the same page: cookies and unknown questions must not split the cache.
    set req.http.X-Kept = "1";
    unset req.http.Cookie;
    if (req.url !~ "^(/[a-z]{2,3})?/search/") {
        set req.url = regsub(req.url, "\?.*$", "");
    }

    # While the newsstand lives, an old page may be shown for five seconds while the new one is
    # fetched; when it is gone, for as long as the page allows.
    if (std.healthy(req.backend_hint) && !req.http.X-Last-Resort) {
        set req.grace = 5s;
        # But for what open pages ask for when they have been told that there is news.
        if (req.url ~ "/live/$") {
            set req.grace = 0s;
        }
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(regsub(std.tolower(req.http.host), ":[0-9]+$", ""));
    return (lookup);
}

sub purge_one {
    if (req.http.X-Purge == "hard") {
        set req.http.X-Count = purge.hard();
    } else {
        set req.http.X-Count = purge.soft(0s, -1s, -1s);
    }
}

sub vcl_hit {
    if (req.method == "PURGE") {
        call purge_one;
        return (synth(200, "Purged " + req.http.X-Count));
    }
}

sub vcl_miss {
    if (req.method == "PURGE") {
        call purge_one;
        return (synth(200, "Purged " + req.http.X-Count));
    }
}

sub vcl_backend_fetch {
    unset bereq.http.X-Kept;
    unset bereq.http.X-Last-Resort;
}

sub vcl_backend_response {
    # Surrogate-Control is meant for us alone; without it Cache-Control counts as usual.
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+") {
        set beresp.ttl = std.duration(
            regsub(beresp.http.Surrogate-Control, "^.*max-age=([0-9]+).*$", "\1") + "s", 0s);
        set beresp.grace = 0s;
    }
    if (beresp.http.Surrogate-Control ~ "stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(
            regsub(beresp.http.Surrogate-Control, "^.*stale-if-error=([0-9]+).*$", "\1") + "s", 0s);
    }
    # What has run out is asked for with If-None-Match: a page that is the same costs no body.
    set beresp.keep = 1h;
    # A newsstand in trouble must not take an old page out of the cache.
    if (beresp.status >= 500) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
}

sub vcl_deliver {
    # The newsstand has just died: before the probe knows, look for an old page.
    if (resp.status >= 500 && req.http.X-Kept && !req.http.X-Last-Resort) {
        set req.http.X-Last-Resort = "1";
        return (restart);
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Control;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
