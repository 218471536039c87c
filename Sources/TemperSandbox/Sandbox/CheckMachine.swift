/// The script that puts a check's machine together, out of the policy's reach and after its processes have ended.
enum CheckMachine {
    /// Arguments: whether there are many users, the path of bubblewrap, then five lists with their lengths before them (arguments
    /// of bubblewrap before and after what is found here, paths, commands and names of a ``CheckView``), then the command.
    ///
    /// No symbolic link of the policy's is followed: outside, it would lead to files of the host.
    static let script = """
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        shopt -s dotglob nullglob
        root=\(SandboxFiles.root) upper=\(SandboxFiles.folder)/upper own=\(SandboxFiles.own)
        users=$0 bwrap=$1
        shift
        first=("${@:2:$1}"); shift $(($1 + 1))
        last=("${@:2:$1}"); shift $(($1 + 1))
        paths=("${@:2:$1}"); shift $(($1 + 1))
        commands=("${@:2:$1}"); shift $(($1 + 1))
        names=" ${*:2:$1} "; shift $(($1 + 1))
        damaged() { echo "the machine is damaged: $1" >&2; exit 1; }

        # Whether no part of a path below a folder is a link.
        is_plain() {
            local path=$1 rest=$2/
            while [ -n "$rest" ]; do
                path=$path/${rest%%/*}
                rest=${rest#*/}
                [ -L "$path" ] && return 1
            done
            [ -f "$path" ] || [ -d "$path" ]
        }

        data=()
        for path in "$root"/*; do
            name=${path##*/}
            case $name in
            etc | usr | bin | sbin | lib | lib32 | lib64 | libx32 | proc | dev | sys | check) continue ;;
            esac
            if [ -L "$path" ]; then
                data+=(--symlink "$(readlink "$path")" "/$name")
            elif [ -d "$path" ] || [ -f "$path" ]; then
                data+=(--ro-bind "$path" "/$name")
            fi
        done

        # Accounts are data; a program that would stand for a user's shell is not.
        for name in passwd group; do
            is_plain "$root" "etc/$name" && [ -f "$root/etc/$name" ] || damaged "/etc/$name"
        done
        while IFS= read -r line || [ -n "$line" ]; do
            shell=${line##*:}
            case $shell in
            "") ;;
            *..* | *[!/a-z0-9._-]*) shell= ;;
            /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/*) [ -f "$shell" ] || shell= ;;
            *) shell= ;;
            esac
            [ "$shell" = "${line##*:}" ] || line=${line%:*}:/usr/sbin/nologin
            printf '%s\n' "$line"
        done <"$root/etc/passwd" >"$own/passwd" || damaged /etc/passwd
        data+=(--ro-bind "$own/passwd" /etc/passwd)
        for name in group shadow gshadow hostname hosts subuid subgid; do
            is_plain "$root" "etc/$name" && [ -f "$root/etc/$name" ] && data+=(--ro-bind "$root/etc/$name" "/etc/$name")
        done
        if [ -n "$users" ]; then
            for home in "$root"/root "$root"/home/*; do
                for name in .profile .bash_profile .bash_login .bash_logout .bashrc .pam_environment; do
                    case $names in *" $name "*) continue ;; esac
                    is_plain "$root" "${home#$root/}/$name" && [ -f "$home/$name" ] &&
                        data+=(--ro-bind /dev/null "${home#$root}/$name")
                done
            done
        fi

        # A file or folder of /usr, as it is on the policy's machine.
        show() {
            if [ ! -d "$own/upper/${1%/*}" ] && [ "${1%/*}" != "$1" ]; then mkdir -p "$own/upper/${1%/*}" || damaged "/usr/$1"; fi
            cp -a -T "$upper/$1" "$own/upper/$1" || damaged "/usr/$1"
            changed=1
        }
        is_of_system() {
            local folder
            for folder in bin sbin local/bin local/sbin; do [ -e "/usr/$folder/$1" ] && return 0; done
            return 1
        }
        changed=
        for path in "${paths[@]}"; do
            case $path in
            # Programs and the loader would take code from these.
            /etc/ld.so.* | /etc/nsswitch.conf | /etc/pam.d* | /etc/security* | /etc/alternatives* | /etc/login.defs) ;;
            /etc/ssl* | /etc/perl* | /etc/python*) ;;
            /etc/passwd | /etc/group | /etc/shadow | /etc/gshadow | /etc/hostname | /etc/hosts | /etc/subuid | /etc/subgid) ;;
            /etc/*)
                if is_plain "$root" "${path#/}"; then
                    data+=(--ro-bind "$root$path" "$path")
                elif [ ! -L "$root$path" ] && [ -e "$own$path" ]; then
                    rm -rf -- "$own$path"
                fi ;;
            /usr/lib* | /usr/local/lib*) ;;
            *)
                name=${path#/usr/}
                is_plain "$upper" "$name" || [ -c "$upper/$name" ] || [ -L "$upper/$name" ] || continue
                if [ -d "/usr/$name" ] && [ -d "$upper/$name" ]; then
                    for entry in "$upper/$name"/*; do
                        entry=${entry#$upper/}
                        [ -e "/usr/$entry" ] || [ -L "/usr/$entry" ] || is_of_system "${entry##*/}" && continue
                        case $entry in lib* | local/lib*) continue ;; esac
                        show "$entry"
                    done
                elif [ -e "/usr/$name" ] || [ -L "/usr/$name" ]; then
                    # A program of the system may change its owner and mode, not what it is.
                    [ -f "$upper/$name" ] && [ ! -L "$upper/$name" ] && cmp -s "$upper/$name" "/usr/$name" || damaged "$path"
                    show "$name"
                elif ! is_of_system "${name##*/}"; then
                    show "$name"
                fi ;;
            esac
        done
        for name in "${commands[@]}"; do
            is_of_system "$name" && continue
            for folder in local/bin local/sbin bin sbin; do
                [ -e "$own/upper/$folder/$name" ] && continue
                is_plain "$upper" "$folder/$name" && show "$folder/$name"
            done
        done
        system=/usr
        if [ -n "$changed" ] || [ -e "$own/usr/bin" ]; then
            system=$own/usr
            [ -e "$own/usr/bin" ] || mount -t overlay -o \(SandboxFiles.overlay(in: SandboxFiles.own)) none "$own/usr" || exit 1
        fi
        exec "$bwrap" --ro-bind "$system" /usr "${first[@]}" "${data[@]}" --remount-ro /etc \\
            --perms 1777 --tmpfs \(CheckView.ownFolder) "${last[@]}" "$@"
        """
}
