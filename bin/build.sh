# shellcheck shell=bash
# Builds Ferry with Maven and runs what was built. Sourced by ./ferry.
#
# A build is kept under .cache/build/<product>/<fingerprint>/, where the fingerprint is a hash over the content of every
# POM and source file that goes into it. So a change is seen whatever the file times say, a build made for the same
# content is used again, and a running Ferry keeps its classes while the tree below it is built anew.

MAVEN_PID=

# A hash over path and content of all files that make the product.
fingerprint() {
    local -a extra=()
    [[ $1 != simulate ]] || extra=(-o -path './dialects/toy/src/test/*')
    (
        cd "$ROOT" || exit
        find . \( -name target -o -name .cache -o -name .git \) -prune -o \
            -type f \( -name pom.xml -o -path '*/src/main/*' "${extra[@]}" \) -print0 \
            | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
    )
}

pom_fingerprint() {
    (cd "$ROOT" && cat pom.xml ./*/pom.xml ./*/*/pom.xml | sha256sum | cut -c1-16)
}

# True if the build is whole and the jars it names are still in the Maven repository.
is_usable() {
    local entry
    local -a entries
    [[ -r $1/classpath ]] || return 1
    IFS=: read -r -a entries <"$1/classpath"
    for entry in "${entries[@]}"; do
        [[ -e $entry ]] || return 1
    done
}

# run_product PRODUCT MAIN_CLASS ARGUMENT...: builds if needed, then becomes that Java process, so that signals reach it.
run_product() {
    local product=$1 main_class=$2
    shift 2
    need_jdk
    build_product "$product"
    local -a options=() more=()
    [[ ! -e $AOT_CACHE ]] || options=("-XX:AOTCache=$AOT_CACHE" -Xlog:aot=off,cds=off)
    read -r -a more <<<"${FERRY_JAVA_OPTS:-}"
    # The JVM refuses two collectors: whoever names one takes the place of ours.
    if [[ "${FERRY_JAVA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-}" == *-XX:+Use*GC* ]]; then
        more=(-XX:-UseParallelGC "${more[@]}")
    fi
    exec "$JAVA_HOME/bin/java" "@$ROOT/bin/java.options" "${options[@]}" "${more[@]}" -cp "$(<"$PRODUCT/classpath")" "$main_class" "$@"
}

# Sets PRODUCT to the folder of an up-to-date build, and AOT_CACHE to where this JDK's cache of its classes is, if any.
build_product() {
    local product=$1 now
    now=$(fingerprint "$product")
    PRODUCT=$BUILD/$product/$now
    AOT_CACHE=$PRODUCT/$(sha256sum "$JAVA_HOME/release" | cut -c1-16).aot
    if is_usable "$PRODUCT" && { [[ $product != server ]] || [[ -e $AOT_CACHE || -e $AOT_CACHE.failed ]]; }; then
        touch "$PRODUCT"
        return
    fi
    need_maven
    mkdir -p "$BUILD/$product"
    lock_build
    while ! is_usable "$PRODUCT"; do
        make_product "$product"
        # Somebody may have saved a file while the compiler ran: then what was built is not what was hashed.
        local later
        later=$(fingerprint "$product")
        [[ $later == "$now" ]] || rm -rf "$PRODUCT"
        now=$later
        PRODUCT=$BUILD/$product/$now
        AOT_CACHE=$PRODUCT/${AOT_CACHE##*/}
    done
    [[ $product != server ]] || make_aot_cache
    unlock_build
    # Builds that nobody started for two days go; a running Ferry was started from a younger one or has loaded its classes.
    find "$BUILD/$product" -mindepth 1 -maxdepth 1 -type d -mtime +2 -exec rm -rf {} +
}

make_product() {
    local product=$1 module=$1 phase=compile scope=runtime
    if [[ $product == simulate ]]; then module=dialects/toy phase=test-compile scope=test; fi
    remove_stale_classes
    if ! run_maven "$BUILD/build.log" watch_build "$product" \
        "$phase" dependency:build-classpath -Dmdep.outputFile=target/"$product".classpath -DincludeScope=$scope \
        -pl "$module" -am; then
        show_failure "$BUILD/build.log"
        exit 3
    fi
    keep_source_list
    keep_classes "$product" "$module"
}

# Has the JVM keep the classes that Ferry needs to start, loaded and linked: it starts in half the time (docs/adr/0018).
# They are those of a migration whose servers do not answer, so that nothing is needed for it.
make_aot_cache() {
    local file=$PRODUCT/nobody.yaml home=$PRODUCT/nobody part=$PRODUCT/part.aot
    [[ ! -e $AOT_CACHE ]] || return 0
    [[ ! -t 2 ]] || printf 'Building Ferry: start cache' >&2
    cat >"$file" <<'YAML'
name: nobody
source: { type: mysql, host: 127.0.0.1, port: 1, username: nobody, password: "" }
target: { type: mysql, host: 127.0.0.1, port: 1, username: nobody, password: "" }
objects: { include: ["nothing.*"] }
YAML
    "$JAVA_HOME/bin/java" "@$ROOT/bin/java.options" "-XX:AOTCacheOutput=$part" -cp "$(<"$PRODUCT/classpath")" \
        ferry.server.cli.Main migrate "$file" --home "$home" </dev/null >"$BUILD/aot.log" 2>&1 || true
    # Without it Ferry starts more slowly, and nothing else is different.
    if [[ -e $part ]]; then mv "$part" "$AOT_CACHE"; else touch "$AOT_CACHE.failed"; fi
    rm -rf "$file" "$home" "$part".*
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# Packs the classes of our own modules beside a class path that names these and the libraries' jars.
keep_classes() {
    local product=$1 module=$2 kept=$PRODUCT.part entry path='' name
    local -a entries
    rm -rf "$kept" "$PRODUCT"
    mkdir -p "$kept"
    IFS=: read -r -a entries <"$ROOT/$module/target/$product.classpath" || true
    entries=("$ROOT/$module/target/classes" "${entries[@]}")
    [[ $product != simulate ]] || entries=("$ROOT/$module/target/test-classes" "${entries[@]}")
    for entry in "${entries[@]}"; do
        if [[ $entry == "$ROOT"/*/target/* ]]; then
            [[ -d $entry ]] || continue
            name=${entry#"$ROOT"/}
            name=${name//\//-}
            # Jars, because the JVM keeps loaded classes only of those.
            "$JAVA_HOME/bin/jar" --create --no-compress --file "$kept/$name.jar" -C "$entry" . &
            entry=$PRODUCT/$name.jar
        fi
        path+=${path:+:}$entry
    done
    wait
    echo "$path" >"$kept/classpath"
    mv "$kept" "$PRODUCT"
}

# Maven judges by file times and forgets classes whose source is gone. So before a build, classes are removed from each
# module whose sources differ from those of the last whole build, and from all modules after it. After a build that failed
# or was interrupted there is no such list, and everything is compiled again.
remove_stale_classes() {
    local known=$BUILD/sources path module stale=''
    list_sources >"$known.now"
    touch "$known"
    local -a changed modules
    mapfile -t modules < <(sed -n 's:.*<module>\(.*\)</module>.*:\1:p' "$ROOT/pom.xml")
    mapfile -t changed < <(sort "$known" "$known.now" | uniq -u | cut -c67- | sort -u)
    for module in "${modules[@]}"; do
        for path in "${changed[@]}"; do
            case $path in
                ./pom.xml | ./"$module"/pom.xml | ./"$module"/src/main/*) stale=yes ;;
                ./"$module"/src/test/*) rm -rf "$ROOT/$module/target/test-classes" ;;
            esac
        done
        if [[ -n $stale || ! -s $known ]]; then
            rm -rf "$ROOT/$module"/target/{classes,test-classes,maven-status}
        fi
    done
    rm -f "$known"
}

# To be called when Maven has succeeded: from here on the classes are known to belong to the listed sources.
keep_source_list() {
    mv "$BUILD/sources.now" "$BUILD/sources"
}

list_sources() {
    (
        cd "$ROOT" || exit
        find . \( -name target -o -name .cache -o -name .git \) -prune -o \
            -type f \( -name pom.xml -o -path '*/src/main/*' -o -path '*/src/test/*' \) -print0 \
            | LC_ALL=C sort -z | xargs -0 sha256sum
    )
}

lock_build() {
    command -v flock >/dev/null || return 0
    exec {LOCK_FD}>"$BUILD/lock"
    if ! flock -n "$LOCK_FD"; then
        echo "Waiting for another ferry that builds here" >&2
        flock "$LOCK_FD"
    fi
}

unlock_build() {
    [[ -z ${LOCK_FD:-} ]] || exec {LOCK_FD}>&-
    LOCK_FD=
}

# run_maven LOG WATCHER KEY ARGUMENT...: offline if this KEY succeeded before with the same POMs, otherwise (or if something
# is missing after all) online, where one failed download is tried again.
run_maven() {
    local log=$1 watcher=$2 known attempt
    known=$BUILD/resolved.$3.$(pom_fingerprint)
    shift 3
    mkdir -p "$BUILD"
    trap stop_maven INT TERM HUP
    if [[ -e $known ]]; then
        maven_once "$log" "$watcher" -o "$@" && return
        grep -qE 'offline mode|has not been downloaded from it before' "$log" || return 1
    fi
    for attempt in 1 2; do
        if maven_once "$log" "$watcher" "$@"; then
            rm -f "${known%.*}".*
            touch "$known"
            return
        fi
        grep -qE 'Could not transfer|Connection reset|Read timed out' "$log" || return 1
        [[ $attempt -eq 2 ]] || echo "A download failed; trying once more" >&2
    done
    return 1
}

# Maven runs in the background and is waited for, because bash handles a signal only between commands.
maven_once() {
    local log=$1 watcher=$2 pipe=$BUILD/maven.$$ status=0 watching
    shift 2
    rm -f "$pipe"
    mkfifo "$pipe"
    "$watcher" "$log" <"$pipe" &
    watching=$!
    (
        unlock_build
        cd "$ROOT" && exec mvn -B -Dstyle.color=never "$@" </dev/null
    ) >"$pipe" 2>&1 &
    MAVEN_PID=$!
    wait "$MAVEN_PID" || status=$?
    MAVEN_PID=
    wait "$watching" || true
    rm -f "$pipe"
    return "$status"
}

stop_maven() {
    trap '' INT TERM HUP
    if [[ -n $MAVEN_PID ]]; then
        kill -TERM "$MAVEN_PID" 2>/dev/null || true
        wait "$MAVEN_PID" 2>/dev/null || true
    fi
    rm -f "$BUILD/maven.$$"
    echo >&2
    echo "ferry: stopped" >&2
    exit 130
}

# Writes Maven's output to the log and shows one line about it: in a terminal it changes in place.
watch_build() {
    local log=$1 line module='' fetched=0 started=$SECONDS now shown=''
    [[ -t 2 ]] || echo "Building Ferry (log: ${log#"$ROOT"/})" >&2
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
            '[INFO] Building Ferry '*:*)
                module=${line#'[INFO] Building Ferry '}
                module=${module%%:*}
                ;;
            Downloaded*) fetched=$((fetched + 1)) ;;
            '[INFO] ---'*) ;;
            *) continue ;;
        esac
        now="Building Ferry${module:+: $module}, $((SECONDS - started)) s"
        [[ $fetched -eq 0 ]] || now+=", $fetched files fetched"
        if [[ -t 2 && $now != "$shown" ]]; then
            printf '\r\033[K%s' "$now" >&2
            shown=$now
        fi
    done >"$log"
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# The errors of a failed build without Maven's advice, or the end of its log if none is marked.
show_failure() {
    local log=$1
    if grep -q '^\[ERROR\]' "$log"; then
        grep '^\[ERROR\]' "$log" | sed '/-> \[Help 1\]/{s/ *-> \[Help 1\]//;q}' | awk '!seen[$0]++' | head -25 >&2 || true
    else
        tail -25 "$log" >&2
    fi
    echo "ferry: the build failed (log: $log)" >&2
}

format_sources() {
    need_jdk
    need_maven
    if ! run_maven "$BUILD/format.log" watch_quietly format spotless:apply; then
        show_failure "$BUILD/format.log"
        exit 3
    fi
    echo "Formatted"
}

watch_quietly() {
    cat >"$1"
}
