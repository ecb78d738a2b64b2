#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The options in --help, in the manual page and in the completions are the
# same, and every command has a page and stands in sfetl(1).
# shellcheck disable=SC2317 # the in_ functions are called by name
. "${srcdir:=.}/tests/lint/tap.sh"
: "${builddir:=.}"

sfetl=$builddir/sfetl
[ -x "$sfetl" ] || skip_all 'sfetl is not built'

commands() {
    "$sfetl" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

in_help() {
    "$sfetl" help "$1" | sed -n '/^Options:/,$s/^  \(-., \)\{0,1\}--\([a-z-]*\).*/\2/p' |
        sort
}

in_man() {
    grep '^\.It Fl' "$srcdir/man/sfetl-$1.1" | grep -oE 'Fl -[a-z-]+' |
        sed 's/Fl -//' | sort
}

in_bash() {
    "$sfetl" completion bash | sed -n "/^        $1)\$/,/;;/s/.*words+=' --\\([a-z-]*\\)'.*/\\1/p" |
        sort
}

in_zsh() {
    "$sfetl" completion zsh | sed -n "/^        $1)\$/,/;;/s/^ *'--\\([a-z-]*\\)\\[.*/\\1/p" |
        sort
}

in_fish() {
    "$sfetl" completion fish |
        sed -n "s/.*seen_subcommand_from $1' -l \\([a-z-]*\\) .*/\\1/p" | sort
}

# compare COMMAND PLACE: lines that stand at one place only.
compare() {
    [ "$(in_help "$1")" = "$("in_$2" "$1")" ] ||
        printf 'help: %s\n%s: %s\n' "$(in_help "$1" | tr '\n' ' ')" "$2" \
            "$("in_$2" "$1" | tr '\n' ' ')"
}

judge 'there are commands' "$([ -n "$(commands)" ] || echo none)"
for command in $(commands); do
    judge "$command stands in sfetl(1)" "$(
        grep -q "^\\.It Cm $command" "$srcdir/man/sfetl.1" || echo 'it does not'
    )"
    for shell in bash zsh fish; do
        judge "$command: $shell completes its options" \
            "$(compare "$command" "$shell")"
    done
    [ "$command" != help ] || continue
    if [ -f "$srcdir/man/sfetl-$command.1" ]; then
        judge "$command: the page has its options" "$(compare "$command" man)"
    else
        judge "$command has a page" "man/sfetl-$command.1 is missing"
    fi
done
finish
