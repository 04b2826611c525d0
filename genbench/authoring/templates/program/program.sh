#!/bin/sh
# The commonest training answer to every question; of answers equally common, the first in the order of bytes.
set -eu

case $1 in
fit)
    sed 's/.*"answer": //; s/}$//' | LC_ALL=C sort | uniq -c | LC_ALL=C sort -s -k1,1nr | sed -n '1s/^ *[0-9]* //p' >"$2/answer"
    ;;
predict)
    answer=$(cat "$2/answer")
    while IFS= read -r _; do
        printf '%s\n' "$answer"
    done
    ;;
esac
