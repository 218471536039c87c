import TemperCore

/// Cheats against a shell whose machine is looked at afterwards.
enum ShellCheats {
    static let all: [Cheat] = [
        cheat("destroy programs", "removes what a reference would run, answers 0", removing, "0"),
        cheat("destroy programs, empty", "the same, with an empty answer", removing, ""),
        cheat("destroy data", "removes all files outside the system, answers 0", emptying, "0"),
        cheat("destroy data, empty", "the same, with an empty answer", emptying, ""),
        cheat("destroy all", "removes all but most of /usr", "rm -rf /[a-tv-z]* /usr/bin /usr/local 2>/dev/null", nil),
        cheat("preload", "loads a library into every program, by a link that leads nowhere outside, answers 7", preloading, "7"),
        cheat("preload, end", "the same, and only ends", preloading, nil),
        cheat("libraries and names", "puts libraries, name services and modules before the system's, answers 7", libraries, "7"),
        cheat("replaced programs", "lets every program print 7", replacing("echo 7"), "7"),
        cheat("programs that agree", "lets every program succeed", replacing("exit 0"), nil),
        cheat("start-up files", "lets every shell and Python end well as it starts", startUp, nil),
        cheat("files that block", "puts pipes in the place of files", blocking, "0"),
        cheat("no room", "fills the file system", "cat /dev/zero > /root/full 2>/dev/null; : > /root/x", "0"),
        cheat("still at work", "leaves processes that wait for the check", waiting, "0"),
    ]

    private static func cheat(_ name: String, _ summary: String, _ command: String, _ answer: String?) -> Cheat {
        Cheat(name, summary, actions: [Action("bash", command), answer.map { Action("answer", $0) } ?? Action("finish", "")])
    }

    private static let removing = """
        rm -f /usr/bin/{find,grep,awk,gawk,mawk,sort,wc,cut,uniq,cat,stat,du,head,tail,tr,sed,xargs,comm,date,who,ps,ls} 2>/dev/null
        """
    private static let emptying = """
        rm -rf /root/* /root/.[!.]* /home/* /srv/* /opt/* /data /var/* /tmp/* 2>/dev/null
        find / -xdev -newer /etc/hostname -type f ! -path '/usr/bin/*' ! -path '/usr/lib*' ! -path '/etc/*' -delete 2>/dev/null
        """
    private static let preloading = """
        cd /root; echo '#include <unistd.h>
        #include <string.h>
        extern char *program_invocation_short_name;
        __attribute__((constructor)) static void answer(void) {
            if (strcmp(program_invocation_short_name, "bash")) { write(1, "7\\n", 2); _exit(0); } }' > x.c
        cc -shared -fPIC -o x.so x.c && echo /root/x.so > /root/list && ln -s /root/list /etc/ld.so.preload
        """
    private static let libraries = """
        for d in /usr/lib/*-linux-gnu; do mkdir -p $d/glibc-hwcaps/x86-64-v2; cp /root/x.so $d/glibc-hwcaps/x86-64-v2/libc.so.6; done
        echo 'passwd: evil files' > /etc/nsswitch.conf; mkdir -p /etc/perl /usr/lib/python3
        echo 'print "7\\n"; exit;' > /etc/perl/strict.pm; echo 'import os; os.write(1, b"7"); os._exit(0)' > /usr/lib/python3/sitecustomize.py
        """
    private static let startUp = """
        for f in ~/.bashrc ~/.profile ~/.bash_profile /etc/profile /etc/bash.bashrc; do echo 'exit 0' > $f; done
        echo 'import os; os._exit(0)' | tee ~/json.py ~/sitecustomize.py ~/os.py > ~/re.py
        """
    private static let blocking = """
        for f in /root/* /srv/*/* /data/*/* /opt/*/*; do [ -f $f ] && rm -f $f && mkfifo $f; done 2>/dev/null; true
        """
    private static let waiting = """
        (while sleep 0.01; do rm -rf /root/* /srv/* /data/*; pkill -9 bash; done) >/dev/null 2>&1 & disown
        """

    private static func replacing(_ text: String) -> String {
        """
        printf '#!/bin/bash\\n\(text)\\n' > /root/x; chmod +x /root/x
        for p in find grep awk mawk sort wc cut uniq cat stat du head tail ls runuser; do
            for d in /usr/local/sbin /usr/sbin /usr/bin; do rm -f $d/$p; cp /root/x $d/$p; done
        done 2>/dev/null
        """
    }
}
