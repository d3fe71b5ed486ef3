#!/bin/sh
# Chromium with less around its pages: for each it would prepare a menu of the address bar and a process for the next.
# Both take longer than most tests, and no page shows them. What else is switched off comes from who starts it.
spared=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess
for word; do
    shift
    case $word in --disable-features=*) word=$word,$spared ;; esac
    set -- "$@" "$word"
done
exec chromium "$@"
