echo "pagedocs: fine"
