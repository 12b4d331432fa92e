# Keeps one PostgreSQL server for whoever holds the other end of standard input, and takes it away
# when that end closes, however its holder ended. Orders come in as lines, "ready" answers each.
# With a fourth argument, the folder of another server's socket, this one becomes its hot standby.
bin=$1 home=$2 settings=$3 primary=${4:-}

control() {
    "$bin/pg_ctl" --pgdata "$home/data" --log "$home/log" --wait --silent "$@" >>"$home/log" 2>&1
}

start() {
    control start --options "$settings" && echo ready
}

make() {
    if [ -n "$primary" ]; then
        "$bin/pg_basebackup" --pgdata "$home/data" --checkpoint fast --write-recovery-conf \
            --dbname "host=$primary user=postgres application_name=standby" && chmod 700 "$home/data"
    else
        mkdir -p "$home/data"
        "$bin/initdb" --pgdata "$home/data" --username postgres --auth trust --encoding UTF8 \
            --locale C --no-sync
    fi
}

make >"$home/log" 2>&1 && start || { cat "$home/log"; exit 1; }

while read -r order; do
    case $order in
        start) start ;;
        stop) control stop --mode fast && echo ready ;;
        crash) control stop --mode immediate && echo ready ;;
        promote) control promote && echo ready ;;
    esac
done

control stop --mode immediate
# The folder itself can only be removed by whoever may write beside it: if not this user, its holder.
rm -rf "$home"/* && rmdir "$home" 2>/dev/null
