@testable import TemperSandbox

/// Commands that try to bend a check, and a check with what it must say all the same.
struct CheckAttempt: Sendable {
    var name: String
    var command: String
    var script: String
    /// What the check prints on a machine that nobody bent.
    var output: String
    var home = "/root"

    init(_ name: String, _ command: String, check script: String, says output: String, home: String = "/root") {
        (self.name, self.command, self.script, self.output, self.home) = (name, command, script, output, home)
    }

    private static let counting = "ls /root/data | wc -l"
    /// A library of the host that does no harm where it is loaded, so that loading it is seen in `/proc/self/maps`.
    private static let library = "$(ls /usr/lib/*/libm.so.6 /usr/lib64/libm.so.6 2>/dev/null | head -n 1)"
    private static func fake(_ path: String) -> String {
        "rm -f \(path); printf '#!/bin/bash\\necho 7\\n' > \(path); chmod +x \(path)"
    }

    static let all: [CheckAttempt] = [
        CheckAttempt(
            "a library forced on every program, by a link that leads nowhere outside",
            "cp \(library) /root/evil.so; ln -s /root/evil.so /etc/ld.so.preload; ln -sf /root/list /etc/ld.so.preload; echo /root/evil.so > /root/list",
            check: "grep -c evil /proc/self/maps; cat /etc/ld.so.preload 2>/dev/null | wc -l", says: "0\n0\n"),
        CheckAttempt(
            "a library forced on every program, by a file",
            "cp \(library) /root/evil.so; echo /root/evil.so > /etc/ld.so.preload",
            check: "grep -c evil /proc/self/maps", says: "0\n"),
        CheckAttempt(
            "libraries for this processor before the system's",
            "for d in /usr/lib/*-linux-gnu; do for v in v2 v3 v4; do mkdir -p $d/glibc-hwcaps/x86-64-$v; cp \(library) $d/glibc-hwcaps/x86-64-$v/libc.so.6; done; done",
            check: "grep -c hwcaps /proc/self/maps", says: "0\n"),
        CheckAttempt(
            "a name service of its own",
            "echo 'passwd: evil files' > /etc/nsswitch.conf; cp \(library) /usr/lib/libnss_evil.so.2",
            check:
                "grep -c evil /etc/nsswitch.conf; getent passwd root | cut -d: -f1; ls /usr/lib/libnss_evil.so.2 2>/dev/null | wc -l",
            says: "0\nroot\n0\n"),
        CheckAttempt(
            "an engine in the settings of openssl",
            "mkdir -p /etc/ssl; printf 'openssl_conf = x\\n[x]\\nengines = y\\n' > /etc/ssl/openssl.cnf; mkdir -p /usr/lib/ssl; cp /etc/ssl/openssl.cnf /usr/lib/ssl/",
            check:
                "ls -A /etc | grep -c ssl; [ -x /usr/bin/openssl ] || exec echo ok; openssl rand -hex 1 > /dev/null && echo ok",
            says: "0\nok\n"),
        CheckAttempt(
            "a module before Perl's own", "mkdir -p /etc/perl; echo 'print \"7\\n\"; exit;' > /etc/perl/strict.pm",
            check: "[ -x /usr/bin/perl ] || exec echo 3; perl -Mstrict -e 'print \"3\\n\"'", says: "3\n"),
        CheckAttempt("a program replaced", fake("/usr/bin/wc"), check: counting, says: "1\n"),
        CheckAttempt(
            "a program put before the system's", fake("/usr/local/sbin/wc") + ";" + fake("/usr/sbin/wc"), check: counting,
            says: "1\n"),
        CheckAttempt(
            "programs removed", "rm -f /usr/bin/wc /usr/bin/ls /usr/bin/grep /usr/bin/find", check: counting, says: "1\n"),
        CheckAttempt("the shell removed", "rm -f /usr/bin/bash /bin/sh /usr/bin/env", check: counting, says: "1\n"),
        CheckAttempt(
            "another folder of programs", "rm /bin; mkdir /bin; cd /bin; " + fake("/bin/wc") + "; cp /usr/bin/true /bin/bash",
            check: counting + "; /bin/ls /root/data | /bin/wc -l", says: "1\n1\n"),
        CheckAttempt(
            "another folder of libraries", "rm /lib64; mkdir /lib64; rm -f /lib; mkdir /lib", check: counting, says: "1\n"),
        CheckAttempt(
            "start-up files of every shell",
            "for f in ~/.bashrc ~/.profile ~/.bash_profile ~/.bash_login /etc/profile /etc/bash.bashrc /etc/environment ~/.pam_environment; do echo 'wc() { echo 7; }; exit 0' > $f; done; mkdir -p /etc/profile.d; cp ~/.bashrc /etc/profile.d/x.sh",
            check: counting, says: "1\n"),
        CheckAttempt(
            "variables and aliases of the shell",
            "export BASH_ENV=/root/x ENV=/root/x LD_PRELOAD=/root/evil.so PATH=/root; alias wc='echo 7'; echo 'exit 0' > /root/x",
            check: counting + "; echo $BASH_ENV$ENV$LD_PRELOAD", says: "1\n\n"),
        CheckAttempt(
            "modules in the working folder and at home",
            "for f in json os re random string sitecustomize usercustomize; do echo 'print(7); import os; os._exit(0)' > /root/$f.py; done; mkdir -p ~/.local/lib/python3.11/site-packages; cp ~/json.py ~/.local/lib/python3.11/site-packages/x.pth; echo 'home = /root' > /root/pyvenv.cfg",
            check: "python3 -c 'import json, random; print(3)'; cd /root; python3 -c 'import json, random; print(3)'",
            says: "3\n3\n",
            home: CheckView.ownFolder),
        CheckAttempt(
            "start-up files of Python among the system's",
            "mkdir -p /usr/lib/python3 /usr/local/lib/python3/dist-packages; echo 'import os; os._exit(0)' | tee /usr/lib/python3/sitecustomize.py > /usr/local/lib/python3/dist-packages/sitecustomize.py; echo 'home = /root' > /usr/bin/pyvenv.cfg; echo 'home = /root' > /usr/pyvenv.cfg",
            check: "python3 -c 'print(3)'", says: "3\n"),
        CheckAttempt(
            "processes that wait for the check",
            "(while :; do echo 7 > /root/late; touch /root/data/more; kill -9 -1; pkill -9 wc; done) & setsid bash -c 'trap \"\" TERM HUP; while sleep 0.01; do touch /root/data/more; done' & sleep 0.1; rm -f /root/data/more",
            check:
                "rm -f /root/data/more 2>/dev/null; a=$(ls /root/data | wc -l); sleep 0.3; [ $a = $(ls /root/data | wc -l) ] && echo still",
            says: "still\n"),
        CheckAttempt(
            "folders exchanged for links",
            "rm -rf /opt /srv /home; ln -s /etc /opt; ln -s /proc/self/root /srv; ln -s / /home; mv /tmp /tmp2; ln -s /root/data /tmp",
            check: counting + "; echo x > $TMPDIR/x && cat $TMPDIR/x; [ \"$(cat /opt/hostname)\" = sandbox ] && echo own",
            says: "1\nx\nown\n"),
        CheckAttempt(
            "a link in the check's way",
            "echo wrong > /root/mine; ln -sf /root/mine /tmp/expected; mkdir -p /check; echo 7 > /check/x",
            check: "echo right > /tmp/expected 2>/dev/null; cat /root/mine; ls -A /check | wc -l", says: "wrong\n0\n"),
        CheckAttempt(
            "a check that would write what it reads", "touch /root/flag",
            check: "echo right > /root/flag; rm -rf /root/data; cat /root/flag; " + counting,
            says: "1\n"),
        CheckAttempt(
            "odd names at the top",
            "mkdir '/$(touch \\/root\\/pwned)' '/--bind' '/a b' $'/x\\ny' '/*'; touch $'/--ro-bind\\n/etc'",
            check: counting + "; ls -d '/a b' '/--bind' '/*'; ls /root/pwned 2>/dev/null | wc -l",
            says: "1\n/*\n/--bind\n/a b\n0\n"),
        CheckAttempt(
            "no room left", "cat /dev/zero > /root/full; for i in $(seq 30000); do : > /tmp/f$i || break; done 2>/dev/null",
            check: "echo enough > $TMPDIR/x; cat $TMPDIR/x; tail -n 1 /etc/passwd | cut -d: -f1; " + counting,
            says: "enough\nnobody\n1\n"),
        CheckAttempt(
            "a file of holes", "truncate -s 60M /root/data/one; truncate -s 60M /root/holes",
            check: "wc -c < /root/holes; " + counting,
            says: "62914560\n1\n"),
        CheckAttempt(
            "conversions and locales of its own",
            "mkdir -p /usr/lib/x86_64-linux-gnu/gconv /usr/lib/locale; echo 'module X// Y// /root/evil 1' > /usr/lib/x86_64-linux-gnu/gconv/gconv-modules; rm -f /usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache; echo 'C /root/x' > /usr/lib/locale/locale.alias",
            check: "printf a | iconv -f UTF-8 -t UTF-16LE | wc -c", says: "2\n"),
        CheckAttempt(
            "a repository where the check works",
            "mkdir -p /root/.git; printf '[core]\\nfsmonitor = echo 7\\n' > /root/.gitconfig; cp /root/.gitconfig /root/.git/config; echo '* { }' > /root/.inputrc",
            check: "pwd; echo $HOME; ls -A | wc -l", says: "/check\n/check\n0\n", home: CheckView.ownFolder),
        CheckAttempt(
            "shared memory and other folders of the kernel", "echo 7 > /dev/shm/x; ln -s /root/data /dev/shm/y",
            check: "ls -A /dev/shm | wc -l; ls /proc | grep -c '^[0-9]*$' | awk '{ print ($1 < 8) }'", says: "0\n1\n"),
        CheckAttempt(
            "a start-up file that the check reads", "echo 'exit 0' > ~/.bashrc", check: "source ~/.bashrc; x=$(echo no); echo $x",
            says: "no\n"),
        CheckAttempt(
            "a start-up file with functions, that kills and that writes",
            "printf '%s\\n' 'echo() { builtin echo 7; }' 'wc() { builtin echo 7; }' 'IFS=7' 'BASH_ENV=/root/x' 'export MARK=set PATH=/root/mine:$PATH' '(sleep 0.2; kill -9 -1) & disown' 'kill -9 $PPID' > ~/.bashrc; mkdir -p /root/mine; "
                + fake("/root/mine/wc") + "; " + fake("/root/mine/made"),
            check: "source ~/.bashrc; sleep 0.4; \(counting); echo $MARK; made", says: "1\nset\n7\n"),
    ]

    /// A machine on which these are done is not a machine to check: the check ends with status 1 and says why.
    static let damaging: [(name: String, command: String, script: String)] = [
        ("no accounts", "rm /etc/passwd", "true"), ("accounts that lead away", "ln -sf /usr/lib/os-release /etc/passwd", "true"),
        ("accounts that never end", "rm /etc/group; mkfifo /etc/group", "true"), ("no settings", "rm -rf /etc", "true"),
        ("settings that lead away", "mv /etc /etc2; ln -s /etc2 /etc", "true"),
        ("a program of the system that the check asks about", "rm /usr/bin/wc", "test ! -u /usr/bin/wc"),
        ("the same, replaced", "cp --remove-destination /usr/bin/true /usr/bin/wc", "test ! -u /usr/bin/wc"),
    ]
}
