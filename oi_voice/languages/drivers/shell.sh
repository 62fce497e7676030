# Sourced by the shell that a session keeps. A request is one block of code, evaluated by name, so that no trick of it
# can reach the end of the request; how it ended is written to the terminal as "\036<mark> <status>\036".
# Nothing of this is traced: between blocks -x and -v are off.

if [ -n "${__oi_leave-}" ]; then builtin exit "$__oi_leave"; fi # sourced to leave, for here bash says no "exit"

__oi_file=$OI_VOICE_SHELL
__oi_state=$OI_VOICE_STATE
__oi_mark=
__oi_status=0
__oi_options=
if [ -f "$__oi_state" ]; then # of a shell that has left
    . "$__oi_state" 2>/dev/null
    __oi_file=$OI_VOICE_SHELL
    __oi_state=$OI_VOICE_STATE
    rm -f "$__oi_state"
fi
unset __oi_leave OI_VOICE_SHELL OI_VOICE_STATE OI_VOICE_REQUESTS HISTFILE

# The end of a block; does nothing when that was told already. A function of its own, so that "$?" comes in whole.
__oi_end() {
    __oi_last=$?
    [ "$1" != "${__oi_told-}" ] || return 0
    __oi_told=$1
    __oi_status=$__oi_last
    __oi_options=$-
    set +xv
    PS1=$__oi_prompt PS2=
    if [ -n "${BASH_VERSION-}" ]; then unset PROMPT_COMMAND PS0; fi
    if [ -n "${BASH_VERSION-}" ]; then
        builtin printf '\036%s %s\036' "$1" "$__oi_status" >/dev/tty
    else
        command printf '\036%s %s\036' "$1" "$__oi_status" >/dev/tty
    fi
}

# The beginning of a block: the options and the status are as the last one left them.
__oi_go() {
    {
        case $__oi_options in *v*) set -v ;; esac
        case $__oi_options in
            *x*) set -x ;;
        esac
        case $- in *e*) return 0 ;; esac
        return "$__oi_status"
    } 2>/dev/null
}

# What a shell knows, for the next one, which is to go on after an error. The options come first: the functions' syntax
# may depend on them.
__oi_dump() {
    __oi_status=${__oi_leave-$?}
    __oi_options=$-
    set +exv
    {
        if [ -n "${BASH_VERSION-}" ]; then
            shopt -p
            set +o
            builtin declare -p
            builtin declare -f
            builtin declare -Fx
            builtin alias -p
            builtin trap -p
            builtin umask -p
            command printf 'cd -- %q\n' "$PWD"
        else
            set
            export -p
            alias | sed 's/^/alias /'
            trap
            echo "umask $(umask)"
            echo 'cd -- "$PWD"'
        fi
        echo '# whole'
    } >|"$__oi_state" 2>/dev/null
}

trap '{ __oi_dump; } 2>/dev/null' EXIT
__oi_prompt=
if [ -n "${BASH_VERSION-}" ]; then
    # Code may have a trap of its own for the end. "exit" without a number leaves with the last status.
    eval 'exit() {
        { __oi_leave=${1-$?}; [ "$BASH_SUBSHELL" -gt 0 ] || __oi_dump; set +x; } 2>/dev/null
        . "$__oi_file"
    }'
    shopt -u checkwinsize
    export -n PS1 PS2
    set +H +o history
else
    # Interrupted, such a shell forgets the rest of what it has read: the next prompt tells the end instead.
    __oi_prompt='$(__oi_end "$__oi_mark" 2>/dev/null)'
fi
PS1=$__oi_prompt PS2=
