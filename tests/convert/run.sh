#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Data Loader's files as people have published them, where they are at hand:
# each becomes a mapping that can be read, or is refused with the reason.
# DATA is the folder with sdl/ and dataloader/.
. "${srcdir:=.}/tests/lint/tap.sh"
: "${builddir:=.}" "${DATA:=$srcdir/../shared/data}"

[ -d "$DATA/sdl" ] || skip_all "no files at $DATA"
sfetl=$builddir/sfetl
work=$builddir/tests/convert.tmp
rm -rf "$work"
mkdir -p "$work/state" "$work/config" "$work/conf"
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
unset SFETL_CONFIG

# The mapping that comes of it is one: its examples, of which there are none,
# can be run.
for sdl in "$DATA"/sdl/*.sdl; do
    name=$(basename "$sdl" .sdl)
    judge "$name.sdl becomes a mapping" "$(
        "$sfetl" convert "$sdl" --object Account --operation insert \
            --output "$work/$name.yaml" 2>&1 >/dev/null |
            grep -v -e warning: -e ^next:
        "$sfetl" test "$work/$name.yaml" 2>&1 | grep error:
    )"
done

# With each .sdl that a bean names beside it, whatever is in it, and its key.
cp "$DATA"/dataloader/*.xml "$work/conf"
grep -ohE 'externalIdField"[^>]*value="[^"]*"' "$work"/conf/*.xml |
    sed 's/.*value="//;s/"$//;s/.*/&=&/' | sort -fu >"$work/keys"
grep -ohE 'process.mappingFile"[^>]*value="[^"]*"' "$work"/conf/*.xml |
    sed 's/.*value="//;s/"$//;s/.*[\\/]//' | sort -u |
    while read -r named; do
        case $named in
        accountMasterMap.sdl) from=dataloader-sample-account-master-map ;;
        opportunityUpsertMap.sdl)
            from=dataloader-sample-opportunity-upsert-map
            ;;
        childObject1.sdl) from=child-object-relationship ;;
        *Product*) from=product-upsert ;;
        *) from=contact-with-commented-fields ;;
        esac
        case $named in *.sdl) ;; *) named=$named.sdl ;; esac
        { cat "$DATA/sdl/$from.sdl" && printf '\nId=Id\n' && cat "$work/keys"
        } >"$work/conf/$named"
    done
cp "$DATA/dataloader/config-batch.properties" "$work/conf/config.properties"

converted=0
extracts=0
refused=0
for conf in "$work"/conf/*.xml; do
    name=$(basename "$conf" .xml)
    "$sfetl" convert "$conf" --output "$work/$name" >"$work/said" 2>&1
    code=$?
    line=$(grep -E '^[0-9]+ beans?:' "$work/said")
    if [ -n "$line" ]; then
        # shellcheck disable=SC2086 # its words
        set -- $line
        converted=$((converted + $3))
        extracts=$((extracts + $5))
        refused=$((refused + $7))
    fi
    judge "$name.xml becomes mappings, or is refused" "$(
        case $code:$name in
        0:* | 1:* | 3:*japan | 3:database-conf*) ;;
        *) echo "exit $code" && cat "$work/said" ;;
        esac
        [ "$code" -ne 1 ] || grep -q "the bean '" "$work/said" ||
            echo 'no reason is told'
        for mapping in "$work/$name"/*.yaml; do
            case $mapping in */orgs.yaml | *'*.yaml') continue ;; esac
            "$sfetl" test "$mapping" 2>&1 | grep error:
        done
    )"
done
echo "# beans: $converted converted, $extracts extracts, $refused refused"
judge 'most beans that load are converted' "$(
    [ "$converted" -ge 15 ] || echo "$converted"
)"
rm -rf "$work"
finish
