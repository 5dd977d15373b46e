# shellcheck shell=bash
# Runs the tests of all modules and says what came of them. Sourced by ./ferry.

test_usage() {
    echo "ferry: $1" >&2
    echo "usage: ./ferry test [--fast] [--only NAME] [--crash N]" >&2
    echo "       ./ferry test --soak MINUTES [--seed S] [--into mysql|oceanbase]" >&2
    exit 2
}

run_tests() {
    local scope=all soak=''
    local -a arguments=() soak_arguments=()
    while [[ $# -gt 0 ]]; do
        case $1 in
            --fast)
                [[ $scope != only ]] || test_usage "--fast and --only exclude each other"
                scope=fast
                arguments+=(-DexcludedGroups=servers)
                ;;
            --only)
                [[ -n ${2:-} ]] || test_usage "--only needs the name of a test class"
                [[ $scope != fast ]] || test_usage "--fast and --only exclude each other"
                scope=only
                arguments+=("-Dtest=$2" -Dsurefire.failIfNoSpecifiedTests=false)
                shift
                ;;
            --crash)
                [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || test_usage "--crash needs a number from 1 to 999999, not '${2:-}'"
                arguments+=("-Dferry.crash=$2")
                shift
                ;;
            --soak)
                [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || test_usage "--soak needs a number of minutes from 1 to 999999, not '${2:-}'"
                soak=$2
                shift
                ;;
            --seed)
                [[ ${2:-} =~ ^[0-9]{1,18}$ ]] || test_usage "--seed needs a number, not '${2:-}'"
                soak_arguments+=("-Dferry.soak.seed=$2")
                shift
                ;;
            --into)
                [[ ${2:-} =~ ^(mysql|oceanbase)$ ]] || test_usage "--into needs mysql or oceanbase, not '${2:-}'"
                soak_arguments+=("-Dferry.soak.into=$2")
                shift
                ;;
            *) test_usage "test has no option '$1'" ;;
        esac
        shift
    done
    if [[ -n $soak ]]; then
        [[ $scope == all && ${#arguments[@]} -eq 0 ]] || test_usage "--soak runs alone, without --fast, --only and --crash"
        scope=only
        # What it tells while it runs goes to Maven's output, and so to the terminal.
        arguments+=(-Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.redirectTestOutputToFile=false
            "-Dferry.soak=$soak" "${soak_arguments[@]}")
    elif [[ ${#soak_arguments[@]} -gt 0 ]]; then
        test_usage "--seed and --into need --soak"
    fi
    need_jdk
    need_maven
    [[ $scope == fast ]] || need_server_packages
    mkdir -p "$BUILD"
    test_modules "$scope" "${arguments[@]}"
}

test_modules() {
    local scope=$1 log=$BUILD/test.log problems=$BUILD/test.problems
    shift
    : >"$problems"
    (cd "$ROOT" && rm -rf ./*/target/surefire-reports ./*/*/target/surefire-reports)
    lock_build
    check_format >>"$problems"
    compile_tests >>"$problems"
    unlock_build
    if [[ -e $BUILD/sources ]]; then
        # Test failures are counted from the reports; what makes Maven fail besides is a problem of its own.
        if ! run_maven "$log" watch_tests "test-$scope" test -fae -Dmaven.test.failure.ignore=true "$@"; then
            build_errors "$log" >>"$problems"
        fi
    fi
    "$JAVA_HOME/bin/java" "$ROOT/bin/TestReport.java" "$ROOT" "$scope" "$problems"
}

check_format() {
    run_maven "$BUILD/format.log" watch_quietly format spotless:check && return
    if grep -q 'format violations' "$BUILD/format.log"; then
        echo "format: not formatted, run ./ferry format: $(sed -nE 's/^\[ERROR\] +([^ ]+\.java)$/\1/p' "$BUILD/format.log" | sort -u | head -5 | paste -sd ' ')"
    else
        build_errors "$BUILD/format.log"
    fi
}

# Everything is compiled before anything runs, so that a mistake in the last module shows at once.
compile_tests() {
    remove_stale_classes
    if run_maven "$BUILD/build.log" watch_build test-compile test-compile; then
        keep_source_list
        show_warnings "$BUILD/build.log"
    else
        show_failure "$BUILD/build.log"
        build_errors "$BUILD/build.log"
    fi
}

# Error Prone and NullAway run where CI is set. Their errors fail the build; their warnings would drown in the log.
show_warnings() {
    local warnings
    warnings=$(grep -E '^\[WARNING\] /.*\] \[[A-Za-z]+\] ' "$1" | sed "s:^\[WARNING\] $ROOT/:  :" | awk '!seen[$0]++' || true)
    [[ -z $warnings ]] || printf 'Warnings of the compiler:\n%s\n' "$warnings" >&2
}

# One line for each module that failed, without Maven's advice.
build_errors() {
    local errors
    # A test that ends the JVM leaves no report; surefire names its class in the log only.
    sed -n '/^\[ERROR\] Crashed tests:/{n;s/^\[ERROR\] /crashed: /p;}' "$1" | sort -u
    errors=$(grep '^\[ERROR\] Failed to execute goal' "$1" | sed -E 's/^\[ERROR\] Failed to execute goal/build:/; s/ -> \[Help.*//' | awk '!seen[$0]++' || true)
    echo "${errors:-"build: Maven failed: $(grep -m1 '^\[ERROR\]' "$1" | cut -c1-500 || true) (log: $1)"}"
}

# Writes Maven's output to the log and shows one line for each finished test class, and at once what failed in it:
# whoever sees only a part of a long run's output learns it there.
watch_tests() {
    local log=$1 line class seconds reason=0
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
            '[ERROR] '*' -- Time elapsed: '*' <<< '*)
                class=${line#'[ERROR] '}
                printf '            %s\n' "${class%% -- Time elapsed*}" >&2
                reason=5
                ;;
            *'Tests run: '*'Time elapsed: '*' in '*)
                class=${line##* }
                seconds=${line#*'Time elapsed: '}
                seconds=${seconds%% *}
                show_class "$class" "$seconds" "$line" >&2
                ;;
            'soak: '*)
                [[ ! -t 2 ]] || printf '\r\033[K' >&2
                printf '  %s\n' "$line" >&2
                ;;
            '[INFO] Running '*) [[ ! -t 2 ]] || printf '\r\033[K  …       %s' "${line##* }" >&2 ;;
            '['*) reason=0 ;;
            *)
                if ((reason > 0)); then
                    printf '                %.300s\n' "$line" >&2
                    reason=$((reason - 1))
                fi
                ;;
        esac
    done >"$log"
}

show_class() {
    local class=$1 seconds=$2 line=$3 word=ok run failures errors skipped
    if [[ $line =~ Tests\ run:\ ([0-9]+),\ Failures:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
        run=${BASH_REMATCH[1]} failures=${BASH_REMATCH[2]} errors=${BASH_REMATCH[3]} skipped=${BASH_REMATCH[4]}
        [[ $skipped -eq 0 ]] || word=skipped
        [[ $((failures + errors)) -eq 0 ]] || word=FAILED
        [[ ! -t 2 ]] || printf '\r\033[K'
        printf '  %-8s%-64s%5d tests %8s s\n' "$word" "$class" "$run" "$seconds"
    fi
}
