# why.awk - after changed.awk: the words of outdated.awk in each line, for people.
{ print changed($0) }
