# Completion of wick for fish. The program itself says which words may come next; nothing is listed here.

function __wick_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answer ($program complete -- $words "$last" 2>/dev/null)
    test (count $answer) -gt 0; or return
    set -l kind (string split ' ' -- $answer[1])
    set -e answer[1]
    test (count $answer) -gt 0; and printf '%s\n' $answer
    set -l option (string match -r -- '^--[^=]*=' $last)
    set -l value (string replace -r -- '^--[^=]*=' '' $last)
    switch $kind[1]
        case folders
            printf "$option%s\n" (__fish_complete_directories $value)
        case files
            for file in $value*
                set -l wanted (test (count $kind) -eq 1; and echo yes)
                test -d $file; and set wanted yes; and set file $file/
                for suffix in $kind[2..-1]
                    string match -q -- "*$suffix" $file; and set wanted yes
                end
                test -n "$wanted"; and printf "$option%s\n" $file
            end
    end
end

complete -c wick -f -a '(__wick_complete)'
