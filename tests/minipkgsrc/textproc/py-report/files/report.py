echo "report: fine"
